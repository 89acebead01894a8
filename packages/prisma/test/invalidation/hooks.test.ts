import { libsql } from '../support/page.js';
import { hooks } from './hooks-suite.js';

hooks(libsql('row'));
hooks(libsql('field'));
