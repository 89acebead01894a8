import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const ENGINE = 'packages/core/src/engine';
const READ_PATH = `${ENGINE}/read-path.ts`;
const WRITE_PATH = `${ENGINE}/write-path.ts`;
const ENTRY = 'packages/core/src/codec/entry.ts';

const ANYONE: readonly Checker[] = ['strong', 'linearizable', 'propagation', 'monotonic'];

/** Rules of the engine that hold with every authority. */
export const ENGINE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a strong reader joins no older read',
    level: 'coordinator',
    patches: [
      {
        file: READ_PATH,
        find: "if (read.context.consistency !== 'strong') return true;",
        replace: 'if (read.scopes.length >= 0) return true;',
      },
      {
        file: READ_PATH,
        find: "if (read.context.consistency === 'strong' && !isLater) return null;",
        replace:
          "if (read.context.consistency === 'strong') return this.#tell(read.call, landing.decode(options.makeDecimal), { key: read.key.digest, status, ageMs: 0, coalesced: true, scopes: landing.scopes });",
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'a read whose request has died is not waited for',
    level: 'coordinator',
    patches: [
      {
        file: READ_PATH,
        find: 'await settledWithin(ports.timers, options.coalesceTimeout, flight.landing);',
        replace: 'await flight.landing; void ports; void options;',
      },
    ],
    breaks: ['unanswered'],
  },
  {
    name: 'a write of unknown outcome may have been done, or may still be',
    level: 'coordinator',
    patches: [
      {
        file: WRITE_PATH,
        find: 'if (isTakenBack && !change.isBegun()) return announcement.abort();',
        replace: 'return announcement.abort();',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'two writes have two names',
    level: 'coordinator',
    patches: [
      {
        file: `${ENGINE}/announcement.ts`,
        find: 'const id = randomText(core.ports.random, ID_LENGTH);',
        replace: "const id = randomText(core.ports.random, ID_LENGTH) && 'always';",
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'the tenant is part of the key',
    level: 'coordinator',
    patches: [
      {
        file: 'packages/core/src/key/key.ts',
        find: 'const head = space.text + headText(parts);',
        replace:
          'parts = { ...parts, tenant: undefined };\n  const head = space.text + headText(parts);',
      },
    ],
    breaks: ['tenants'],
  },
  {
    name: 'an entry that was damaged is a miss',
    level: 'coordinator',
    patches: [
      {
        file: ENTRY,
        find: 'if (text.slice(CHECKSUM_AT, BODY_AT) !== `${checksum(text, BODY_AT)}\\n`) {',
        replace: 'if (text.length < BODY_AT) {',
      },
    ],
    breaks: ['never-true', 'rejected', 'tenants'],
  },
];
