import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const LOG = 'packages/core/src/epoch/log';
const EPOCH_LOG = `${LOG}/epoch-log.ts`;
const COPY = `${LOG}/log-copy.ts`;
const STORAGE = `${LOG}/log-storage.ts`;
const OBJECT = 'packages/coordinator/src/epoch-coordinator.ts';

const ANYONE: readonly Checker[] = ['strong', 'linearizable', 'propagation', 'monotonic'];
const OTHERS: readonly Checker[] = [...ANYONE, 'own-writes', 'ticket-writes', 'isolate-writes'];

/** Rules of the log that a coordinator keeps, and of copies of it. */
export const LOG_MUTANTS: readonly Mutant[] = [
  {
    name: 'readers bypass what a write under way may change',
    level: 'coordinator',
    patches: [
      {
        file: COPY,
        find: "if (this.#fences.covers(hashes)) return 'bypass';",
        replace: '',
      },
      { file: COPY, find: 'return this.#fences.covers(hashes);', replace: 'return !hashes;' },
    ],
    breaks: ANYONE,
  },
  {
    name: 'a writer that is not heard of counts as committed at its deadline',
    level: 'coordinator',
    patches: [
      {
        file: EPOCH_LOG,
        find: 'this.#close(id, this.#fences.get(id) ?? new Float64Array());',
        replace: 'this.#close(id, new Float64Array());',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'an unknown outcome keeps the fence until the deadline and bumps again then',
    level: 'coordinator',
    patches: [
      {
        file: OBJECT,
        find: 'log.unknown(checkId(id), checkHashes(hashes), withMargin(deadlineMs));',
        replace: 'withMargin(deadlineMs); log.commit(checkId(id), checkHashes(hashes));',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'a fence stands as long as the database may commit',
    level: 'coordinator',
    patches: [
      {
        file: 'packages/coordinator/src/call-arguments.ts',
        find: 'return deadlineMs + CLOCK_MARGIN_MS;',
        replace: 'return deadlineMs / 10;',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'a commit bumps also when its announcement is not known any more',
    level: 'coordinator',
    patches: [
      {
        file: EPOCH_LOG,
        find: "if (this.#ended.get(id) === 'committed') return;\n    this.#ended.set(id, 'committed');",
        replace: "if (!this.#open.has(id)) return;\n    this.#ended.set(id, 'committed');",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a new log lets nothing be cached while writes may be under way that it does not know',
    level: 'coordinator',
    patches: [
      {
        file: OBJECT,
        find: 'EpochLog.create(crypto.randomUUID(), QUIET_MS, this.#host, groups);',
        replace: 'EpochLog.create(crypto.randomUUID(), 0, this.#host, groups);',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'a log that lost its memory says so by its incarnation',
    level: 'coordinator',
    patches: [{ file: OBJECT, find: 'crypto.randomUUID()', replace: "'always'" }],
    breaks: OTHERS,
  },
  {
    name: 'an answer from memory touches storage',
    level: 'coordinator',
    patches: [
      {
        file: OBJECT,
        find: "if (this.#hasSql) storage.kv.get('head');",
        replace: 'if (this.#hasSql) return;',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'an answer from memory touches storage, past its cache where there is no SQLite',
    level: 'coordinator',
    patches: [
      {
        file: OBJECT,
        find: "await storage.get('head', { noCache: true });",
        replace: "await storage.get('head');",
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'no number is given out twice, not even one that only an announcement had',
    level: 'coordinator',
    patches: [
      {
        file: EPOCH_LOG,
        find: '    this.#seq = head.reserved;\n',
        replace: '    this.#seq = 0;\n',
      },
      {
        file: EPOCH_LOG,
        find: 'const bumpsFrom = Math.max(this.#floor,',
        replace:
          'this.#seq = Math.max(head.floor, this.#storage?.mergedTo ?? 0, ...bumps.map(({ seq }) => seq));\n    const bumpsFrom = Math.max(this.#floor,',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a copy that has fallen too far behind is told of all bumps',
    level: 'coordinator',
    patches: [
      {
        file: EPOCH_LOG,
        find: 'if (isKnown && since.seq >= this.#history.from) {',
        replace: 'if (isKnown) {',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'an entry below the floor is stale',
    level: 'coordinator',
    patches: [
      {
        file: EPOCH_LOG,
        find: "if (seq < this.#floor || seq > this.#seq) return 'stale';",
        replace: "if (seq > this.#seq) return 'stale';",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'of an entry older than what a copy remembers the log is asked',
    level: 'coordinator',
    patches: [
      {
        file: COPY,
        find: "return seq < this.#from ? 'unknown' : 'valid';",
        replace: "return 'valid';",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'what was merged survives a restart',
    level: 'coordinator',
    patches: [
      {
        file: EPOCH_LOG,
        find: 'hashes.forEach((hash, index) => this.#table.raise(hash, seqs[index] ?? 0));',
        replace: 'void seqs; void hashes;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'writes under way survive a restart',
    level: 'coordinator',
    patches: [
      { file: EPOCH_LOG, find: 'if (fence === undefined) continue;', replace: 'continue;' },
    ],
    breaks: ANYONE,
  },
  {
    name: 'merging keeps the last bump of each scope',
    level: 'coordinator',
    patches: [
      {
        file: STORAGE,
        find: 'if (table.get(hash) !== seq) continue;',
        replace: 'if (table.get(hash) === seq) continue;',
      },
    ],
    breaks: OTHERS,
  },
];
