import { libsql } from '../support/page.js';
import { foreignKeys } from './foreign-key-suite.js';

foreignKeys(libsql('row'));
foreignKeys(libsql('field'));
