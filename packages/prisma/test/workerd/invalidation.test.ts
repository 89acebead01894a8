import { fieldTracking } from '../invalidation/field-tracking-suite.js';
import { foreignKeys } from '../invalidation/foreign-key-suite.js';
import { invalidationPolicy } from '../invalidation/policy-suite.js';
import { d1 } from './page-support.js';

foreignKeys(d1);
invalidationPolicy(d1);
fieldTracking(d1);
