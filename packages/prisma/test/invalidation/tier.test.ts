import { libsql } from '../support/page.js';
import { tiers } from './tier-suite.js';

tiers(libsql('row'));
tiers(libsql('field'));
