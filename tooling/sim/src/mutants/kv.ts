import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const EPOCH = 'packages/core/src/epoch';
const SESSION = `${EPOCH}/kv-session.ts`;
const AUTHORITY = `${EPOCH}/kv-authority.ts`;
const BUMPER = `${EPOCH}/kv-bumper.ts`;
const VIEW = `${EPOCH}/kv-view.ts`;
const WRITE_PATH = 'packages/core/src/engine/write-path.ts';

const OTHERS: readonly Checker[] = ['propagation', 'isolate-writes', 'own-writes'];

/** Rules of epochs in KV. */
export const KV_MUTANTS: readonly Mutant[] = [
  {
    name: 'an isolate trusts its own bumps over what KV still says',
    level: 'kv',
    patches: [
      { file: AUTHORITY, find: 'return this.#isolate.own.get(key);', replace: 'return void key;' },
    ],
    breaks: ['own-writes', 'isolate-writes', 'ticket-writes'],
  },
  {
    name: "a session's own write counts for its whole model",
    level: 'kv',
    patches: [
      {
        file: AUTHORITY,
        find: 'if (session.hasWritten && !this.#showsWrites(session, stamp, times, sinceMs)) return false;',
        replace: '',
      },
    ],
    breaks: ['own-writes'],
  },
  {
    name: 'an answer may not be older than the last one',
    level: 'kv',
    patches: [
      {
        file: SESSION,
        find: 'return floorMs <= sinceMs || surelyBefore(floorMs, times.startMs, marginMs);',
        replace: 'return true;',
      },
    ],
    breaks: ['monotonic'],
  },
  {
    name: 'a ticket vouches for the writes of the session before',
    level: 'kv',
    patches: [
      {
        file: SESSION,
        find: 'return this.#floorMs > sinceMs ? this.#floorMs : 0;',
        replace: 'return 0;',
      },
    ],
    breaks: ['ticket-writes'],
  },
  {
    name: 'a ticket vouches for the answers of the session before',
    level: 'kv',
    patches: [
      {
        file: SESSION,
        find: 'last?.times.endMs ?? carried?.endMs ?? 0,',
        replace: 'last?.times.endMs ?? 0,',
      },
    ],
    breaks: ['monotonic'],
  },
  {
    name: 'epochs are captured before the database is read',
    level: 'kv',
    patches: [
      {
        file: VIEW,
        find: `    const later = keys.filter((key) => !before.has(key));
    const finish = (): Stamp | null => {
      const captured = new Map<SpacedKey, string | null>();
      for (const key of keys) {
        const epoch = before.get(key) ?? this.#agedEpoch(key, times);`,
        replace: `    const later = keys;
    const finish = (): Stamp | null => {
      const captured = new Map<SpacedKey, string | null>();
      for (const key of keys) {
        const epoch = this.#effective(key);`,
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'an epoch that is read after the database counts only if it is surely older',
    level: 'kv',
    patches: [
      {
        file: VIEW,
        find: "return readAfter(times, epoch, this.#reader.marginMs) ? epoch : 'unreadable';",
        replace: 'return epoch;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'an entry falls when one of its epochs has changed',
    level: 'kv',
    patches: [{ file: VIEW, find: 'staleIn ??= spaced;', replace: 'staleIn = undefined;' }],
    breaks: OTHERS,
  },
  {
    name: 'two bumps of a scope put different nonces',
    level: 'kv',
    patches: [
      {
        file: `${EPOCH}/nonce.ts`,
        find: 'const body = `n1.${timeMs.toString(36)}.${randomText(random, RANDOM_LENGTH)}`;',
        replace: "void random; void randomText; const body = `n1.1.${'0'.repeat(RANDOM_LENGTH)}`;",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a bump is made before the write is acknowledged',
    level: 'kv',
    patches: [
      {
        file: WRITE_PATH,
        find: 'const report = await announcement.commit(outcome.bumps);',
        replace: 'const report = { scopes: [], puts: 0, incomplete: false };',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a bump comes after the commit',
    level: 'kv',
    patches: [
      {
        file: WRITE_PATH,
        find: `    try {
      outcome = await change.run();
    } catch (error) {
      await this.#failed(`,
        replace: `    await announcement.commit(fence);
    announcement.commit = async () => ({ scopes: [], puts: 0, incomplete: false });
    try {
      outcome = await change.run();
    } catch (error) {
      await this.#failed(`,
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a put that was refused is not taken for done',
    level: 'kv',
    patches: [
      {
        file: BUMPER,
        find: 'if (error === undefined) state.landed = Math.max(state.landed, covers);',
        replace: 'void error; state.landed = Math.max(state.landed, covers);',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a write of unknown outcome may have been done',
    level: 'kv',
    patches: [
      {
        file: WRITE_PATH,
        find: 'if (isTakenBack && !change.isBegun()) return announcement.abort();',
        replace: 'return announcement.abort();',
      },
    ],
    breaks: ['propagation', 'time-to-live'],
  },
  {
    name: 'an epoch outlives every entry',
    level: 'kv',
    patches: [
      {
        file: `${EPOCH}/kv-bumper.ts`,
        find: 'ttlSeconds: EPOCH_TTL_SECONDS,',
        replace: 'ttlSeconds: Math.min(60, EPOCH_TTL_SECONDS),',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'who joins a read gets no answer from before a write of its isolate',
    level: 'kv',
    patches: [
      {
        file: AUTHORITY,
        find: 'if (own !== undefined && own.text !== nonce && !readAfter(times, own, this.marginMs)) {',
        replace: 'if (own === null) {',
      },
      {
        file: VIEW,
        find: "if (epoch === 'unreadable' || now === 'unreadable' || textOf(now) !== textOf(epoch)) {",
        replace: "if (epoch === 'unreadable' || now === 'unreadable') {",
      },
    ],
    breaks: ['own-writes', 'isolate-writes', 'monotonic'],
  },
  {
    name: 'of two answers that overlapped neither is taken for the newer',
    level: 'kv',
    patches: [
      {
        file: SESSION,
        find: '!isSame(last, answer.stamp, answer.times) &&',
        replace: 'last.times.endMs < 0 &&',
      },
    ],
    breaks: ['monotonic'],
  },
  {
    name: 'an epoch that cannot be read is not taken for absent',
    level: 'kv',
    patches: [
      {
        file: `${EPOCH}/kv-known.ts`,
        find: "(parseNonce(value) ?? 'unreadable')",
        replace: "(parseNonce(value) ?? 'absent')",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a bump does not take a put that began before it for its own',
    level: 'kv',
    patches: [
      {
        file: BUMPER,
        find: 'await this.#landingOf(state, state.flying);\n        continue;',
        replace:
          'await this.#landingOf(state, state.flying);\n        return { landed: true, puts };',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'an epoch that was damaged is not taken for another bump',
    level: 'kv',
    patches: [
      {
        file: `${EPOCH}/nonce.ts`,
        find: 'if (body === undefined || sum !== check(body)) return null;',
        replace: 'if (body === undefined || !sum || !check) return null;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a read that began long ago is not joined',
    level: 'kv',
    patches: [
      {
        file: AUTHORITY,
        find: 'const MAX_JOIN_AGE_MS = 10_000;',
        replace: 'const MAX_JOIN_AGE_MS = 10_000_000;',
      },
    ],
    breaks: ['propagation'],
  },
  {
    name: 'nothing is served past its time',
    level: 'kv',
    patches: [
      {
        file: 'packages/core/src/engine/lookup.ts',
        find: 'if (core.now() >= entry.staleUntilMs)',
        replace: 'if (core.now() < 0)',
      },
      {
        file: 'packages/core/src/adapter/two-tier-adapter.ts',
        find: 'const leftSeconds = Math.floor((expiresAtMs - this.#clock.now()) / 1_000);',
        replace: 'const leftSeconds = 86_400;',
      },
    ],
    breaks: ['time-to-live'],
  },
  {
    name: 'absent equals absent alone',
    level: 'kv',
    patches: [
      {
        file: `${EPOCH}/kv-known.ts`,
        find: 'if (own === undefined) return captured === storedText;',
        replace: 'if (own === undefined) return captured === null || captured === storedText;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a write of unknown outcome is bumped again when it must have been decided',
    level: 'kv',
    patches: [
      {
        file: AUTHORITY,
        find: 'await sleep(this.#host.ports.timers, write.deadlineMs);\n      await this.#bump(write, scopes);',
        replace: 'await sleep(this.#host.ports.timers, write.deadlineMs);',
      },
    ],
    breaks: ['propagation'],
  },
  {
    name: 'epochs pass near tiers by',
    level: 'kv',
    patches: [
      {
        file: 'packages/core/src/adapter/two-tier-adapter.ts',
        find: 'const near = keys.filter((key) => !authoritative.has(key));',
        replace: 'void authoritative; const near = keys;',
      },
      {
        file: 'packages/core/src/adapter/two-tier-adapter.ts',
        find: 'if (value === null || expiresAtMs === null) return;',
        replace: 'if (value === null) return;',
      },
      {
        file: 'packages/core/src/adapter/two-tier-adapter.ts',
        find: 'const leftSeconds = Math.floor((expiresAtMs - this.#clock.now()) / 1_000);',
        replace:
          'const leftSeconds = expiresAtMs === null ? 86_400 : Math.floor((expiresAtMs - this.#clock.now()) / 1_000);',
      },
    ],
    breaks: OTHERS,
  },
];
