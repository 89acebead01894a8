import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const ENGINE = 'packages/core/src/engine';
const READ_PATH = `${ENGINE}/read-path.ts`;
const WRITE_PATH = `${ENGINE}/write-path.ts`;
const TRANSACTION = `${ENGINE}/transaction.ts`;
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
  {
    name: 'every caller has a result of its own',
    level: 'coordinator',
    patches: [
      {
        file: 'packages/core/src/codec/encoded-result.ts',
        find: 'if (this.#decodings > 1) return copyResult(this.#original, makeDecimal);',
        replace: 'if (this.#decodings > 1) return this.#original;',
      },
    ],
    breaks: ['never-true'],
  },
  {
    name: 'an answer that time has made old is served, not one that a write has made wrong',
    level: 'coordinator',
    patches: [
      {
        file: `${ENGINE}/lookup.ts`,
        find: "if (verdict.kind === 'stale') {",
        replace: "if (verdict.kind === 'stale' && core.now() < entry.freshUntilMs) {",
      },
    ],
    breaks: [...ANYONE, 'own-writes', 'ticket-writes', 'isolate-writes'],
  },
  {
    name: 'an announcement covers whatever the write may change',
    level: 'coordinator',
    patches: [
      { file: WRITE_PATH, find: 'fence: plan.fence,', replace: 'fence: plan.fence.slice(0, 1),' },
    ],
    breaks: ANYONE,
  },
  {
    name: 'what a transaction changed is bumped when it commits',
    level: 'coordinator',
    patches: [
      {
        file: TRANSACTION,
        find: "return this.#end('committed', (announcement, scopes) => announcement.commit(scopes));",
        replace: 'return this.rolledBack();',
      },
    ],
    breaks: [...ANYONE, 'own-writes', 'ticket-writes', 'isolate-writes'],
  },
  {
    name: 'a commit of unknown outcome counts as done',
    level: 'coordinator',
    patches: [
      {
        file: TRANSACTION,
        find: "return this.#end('unknown', (announcement, scopes) => announcement.unknown(scopes));",
        replace: 'return this.rolledBack();',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'without transactions nothing is taken back',
    level: 'coordinator',
    patches: [
      {
        file: WRITE_PATH,
        find: "if (scope === undefined || this.#core.options.transactions === 'none') return undefined;",
        replace: 'if (scope === undefined) return undefined;',
      },
    ],
    breaks: [...ANYONE, 'own-writes', 'isolate-writes'],
  },
  {
    name: 'a transaction that goes on announces what more it may change',
    level: 'coordinator',
    patches: [
      {
        file: TRANSACTION,
        find: 'if (known !== undefined) return await (await known.announcement).extend(write.fence);',
        replace: 'if (known !== undefined) return;',
      },
    ],
    breaks: ANYONE,
  },
];
