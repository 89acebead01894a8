import { libsql } from '../support/page.js';
import { invalidationPolicy } from './policy-suite.js';

invalidationPolicy(libsql('row'));
invalidationPolicy(libsql('field'));
