import type { Rule } from '../trial.js';
import { cancellation } from './cancellation.js';
import { concurrency } from './concurrency.js';
import { deletes } from './deletes.js';
import { description } from './description.js';
import { epochs } from './epochs.js';
import { expiry } from './expiry.js';
import { failures } from './failures.js';
import { limits } from './limits.js';
import { lists } from './lists.js';
import { reads } from './reads.js';
import { values } from './values.js';

/** What a store has to do, by subject. */
export const CONTRACT: Readonly<Record<string, readonly Rule[]>> = {
  'what the adapter says of itself': description,
  'what was set': reads,
  'values of any text': values,
  'time to live': expiry,
  'keys and values that are too large': limits,
  deletes,
  lists,
  epochs,
  'calls at the same time': concurrency,
  'calls that are given up': cancellation,
  failures,
};
