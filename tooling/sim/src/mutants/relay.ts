import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const CLIENT = 'packages/coordinator/src/client';
const AUTHORITY = `${CLIENT}/coordinator-authority.ts`;
const GROUP_SYNC = `${CLIENT}/group-sync.ts`;
const RELAY = 'packages/coordinator/src/relay.ts';

const SESSIONS: readonly Checker[] = ['monotonic', 'own-writes', 'ticket-writes'];
const OTHERS: readonly Checker[] = ['strong', 'linearizable', 'propagation', ...SESSIONS];

/** Rules of relays. */
export const RELAY_MUTANTS: readonly Mutant[] = [
  {
    name: 'a relay asks its primary for a strong reader',
    level: 'coordinator',
    patches: [
      {
        file: RELAY,
        find: 'if (isCurrent) await freshen(',
        replace: 'if (isCurrent && this.#copy.position === undefined) await freshen(',
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'who shares a question of a relay shares one that begins later',
    level: 'coordinator',
    patches: [
      {
        file: RELAY,
        find: 'await freshen(this.#host, this.#log, this.#source, tick);',
        replace:
          'await freshen(this.#host, this.#log, this.#source, (this.#log.running?.tick ?? tick + 1) - 1);',
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'a relay that is behind a ticket asks first',
    level: 'coordinator',
    patches: [
      {
        file: RELAY,
        find: 'return seen.every((each) => hasReached(position, each));',
        replace: 'return seen.length >= 0;',
      },
      {
        file: AUTHORITY,
        find: 'rest = this.#lack(read, channel.log);',
        replace: 'rest = channel.log.copy.position === undefined ? lack : undefined;',
      },
    ],
    breaks: SESSIONS,
  },
  {
    name: 'what a relay had counts as no call of the object',
    level: 'coordinator',
    patches: [
      {
        file: GROUP_SYNC,
        find: 'else if (delta !== undefined) takeOld(host, log, delta, beganAtMs - delta.ageMs);',
        replace: 'else if (delta !== undefined) take(host, log, delta, tick, beganAtMs);',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a relay judges an entry when it knows what the caller knows',
    level: 'coordinator',
    patches: [{ file: RELAY, find: '&& hasReached(position, callers)', replace: '' }],
    breaks: OTHERS,
  },
];
