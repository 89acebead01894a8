import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const COORDINATOR = 'packages/coordinator/src';

const OTHERS: readonly Checker[] = [
  'strong',
  'linearizable',
  'propagation',
  'monotonic',
  'own-writes',
  'ticket-writes',
  'isolate-writes',
];

/** Rules of groups of models. */
export const GROUP_MUTANTS: readonly Mutant[] = [
  {
    name: 'a change of the groups is quiet until the last writer has heard of it',
    level: 'coordinator',
    patches: [
      {
        file: `${COORDINATOR}/epoch-coordinator.ts`,
        find: 'EpochLog.create(crypto.randomUUID(), QUIET_MS, this.#host, groups);',
        replace:
          'EpochLog.create(crypto.randomUUID(), groups === undefined ? QUIET_MS : 0, this.#host, groups);',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a writer goes by the groups that it knows from lately',
    level: 'coordinator',
    patches: [
      {
        file: `${COORDINATOR}/client/reach.ts`,
        find: 'return ageMs >= 0 && ageMs <= GROUPS_KNOWN_MS;',
        replace: 'void GROUPS_KNOWN_MS; return ageMs > -Infinity;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a writer that knew of no groups announces itself to those it is told of',
    level: 'coordinator',
    patches: [
      {
        file: `${COORDINATOR}/client/fence.ts`,
        find: 'if (failures.length > 0 || isWhole) return failures;',
        replace: 'void isWhole; return failures;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a read asks the object of each group that it touches',
    level: 'coordinator',
    patches: [
      {
        file: `${COORDINATOR}/client/channels.ts`,
        find: 'channels.push({ name, root, isUp });',
        replace: 'void name; void isUp;',
      },
      {
        file: `${COORDINATOR}/client/coordinator-view.ts`,
        find: 'if (!this.#covers(scopes)) return Promise.resolve(null);',
        replace: '',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'groups of another version have other objects',
    level: 'coordinator',
    patches: [
      {
        file: `${COORDINATOR}/shards/model-groups.ts`,
        find: 'return `${root}.g${groups?.version ?? 0}-${index}`;',
        replace: 'return `${root}.g${groups === undefined ? 0 : 1}-${index}`;',
      },
    ],
    breaks: OTHERS,
  },
];
