import { byHand } from '../invalidation/by-hand-suite.js';
import { fieldTracking } from '../invalidation/field-tracking-suite.js';
import { foreignKeys } from '../invalidation/foreign-key-suite.js';
import { hooks } from '../invalidation/hooks-suite.js';
import { invalidationPolicy } from '../invalidation/policy-suite.js';
import { tiers } from '../invalidation/tier-suite.js';
import { d1 } from './page-support.js';

foreignKeys(d1);
byHand(d1);
tiers(d1);
hooks(d1);
invalidationPolicy(d1);
fieldTracking(d1);
