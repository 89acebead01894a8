import { libsql } from '../support/page.js';
import { fieldTracking } from './field-tracking-suite.js';

fieldTracking(libsql('row'));
fieldTracking(libsql('field'));
