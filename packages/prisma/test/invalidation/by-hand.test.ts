import { libsql } from '../support/page.js';
import { byHand } from './by-hand-suite.js';

byHand(libsql('row'));
byHand(libsql('field'));
