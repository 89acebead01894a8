import { EpochLog } from '../../../src/epoch/log/epoch-log.js';
import { LogCopy } from '../../../src/epoch/log/log-copy.js';
import { MemoryJournal } from './memory-journal.js';

/**
 * The fence protocol as a state machine small enough to be explored completely: one row, two writers, two readers in isolates of
 * their own, one cache entry, at most one crash, one deadline. The log and its copies are the production code.
 */
export interface Variant {
  /** The cache holds the row's first version when everything begins. */
  readonly warm: boolean;
  /** What a writer or reader does wrong. */
  readonly mutant?:
    | 'no-fence'
    | 'bump-before-commit'
    | 'capture-after-read'
    | 'unknown-without-fence'
    | 'silent-deadline'
    | 'reader-without-sync';
}

const SCOPE = Float64Array.of(1);
const DEADLINE_MS = 100;

type WriterState = 'idle' | 'begun' | 'written' | 'acknowledged' | 'dead' | 'refused' | 'unknown';
type ReaderState = 'idle' | 'looked' | 'missed' | 'bypassing' | 'answered' | 'stamped' | 'done';

interface Writer {
  readonly id: string;
  state: WriterState;
  /** The version of the row that its commit made. */
  version: number;
  /** The statement is still on its way to the database, whatever became of the writer. */
  isStatementOut: boolean;
}

interface Reader {
  readonly copy: LogCopy;
  state: ReaderState;
  /** The least version that it may return. */
  least: number;
  capturedSeq: number;
  version: number;
  /** What the cache held when it looked. */
  found: CacheEntry | undefined;
  /** What its copy knows, as the log said it: the writes under way, the last bump. */
  known: readonly [fences: readonly string[], bumpSeq: number];
}

interface CacheEntry {
  readonly seq: number;
  readonly version: number;
}

export interface Action {
  readonly name: string;
  run(): void;
}

export class World {
  readonly #variant: Variant;
  readonly #journal = new MemoryJournal();
  readonly #writers: readonly Writer[];
  readonly #readers: readonly Reader[];
  #nowMs = 1_000;
  #log: EpochLog;
  #row = 0;
  #entry: CacheEntry | undefined;
  #crashes = 0;
  #isDeadlinePast = false;
  /** The newest version that someone was told of: acknowledged to its writer, or returned by a read. */
  #told = 0;
  /** What went wrong. */
  violation: string | undefined;

  constructor(variant: Variant) {
    this.#variant = variant;
    this.#log = EpochLog.create('i', 0, this.#host());
    this.#writers = ['w0', 'w1'].map((id) => ({
      id,
      state: 'idle',
      version: 0,
      isStatementOut: false,
    }));
    this.#readers = ['r0', 'r1'].map(() => fresh(new LogCopy(), [[], 0]));
    if (variant.warm) this.#entry = { seq: this.#log.seq, version: 0 };
    // A copy that a reader without sync can go by.
    for (const reader of this.#readers) this.#sync(reader);
  }

  /**
   * Everything that a next step can depend on. Of sequence numbers only the order counts, and neither the two writers nor the two
   * readers are told apart.
   */
  key(): string {
    const [fences, bumpSeq] = this.#known();
    const seqs = [bumpSeq, this.#entry?.seq ?? 0];
    for (const reader of this.#readers) seqs.push(...seqsOf(reader));
    seqs.sort((a, b) => a - b);
    const rank = (seq: number): number => seqs.indexOf(seq);
    const common = [
      [this.#row, this.#entry?.version, this.#crashes, this.#isDeadlinePast, this.#told],
      [rank(bumpSeq), rank(this.#entry?.seq ?? 0)],
    ].join();
    const keyOf = (writers: readonly Writer[]): string => {
      const fenced = (ids: readonly string[]): string =>
        writers.map(({ id }) => (ids.includes(id) ? 1 : 0)).join('');
      const readers = this.#readers.map((reader) => {
        const { state, least, version, found, known } = reader;
        const ranks = seqsOf(reader).map(rank).join();
        return `${state},${least},${version},${found?.version},${fenced(known[0])},${ranks}`;
      });
      const states = writers.map(({ state, version, isStatementOut }) =>
        [state, version, isStatementOut].join(),
      );
      return [common, fenced(fences), ...states, ...readers.sort()].join(';');
    };
    const [one, other] = [keyOf(this.#writers), keyOf([...this.#writers].reverse())];
    return one < other ? one : other;
  }

  actions(): readonly Action[] {
    return [
      ...this.#writers.flatMap((writer) => this.#steps(writer)),
      ...this.#readers.flatMap((reader, index) => this.#readerSteps(reader, index)),
      ...this.#surroundings(),
    ];
  }

  /** While no write is under way an entry that counts as current has the newest version. */
  inspect(): void {
    const entry = this.#entry;
    const isUnderWay = this.#writers.some(
      ({ state, isStatementOut }) => isStatementOut || state === 'written',
    );
    if (entry === undefined || isUnderWay || this.#log.isPending(SCOPE)) return;
    if (entry.version === this.#row) return;
    if (this.#log.check({ seq: entry.seq, hashes: SCOPE }) !== 'valid') return;
    this.violation ??= `version ${entry.version} stays valid although the row has ${this.#row}`;
  }

  #steps(writer: Writer): Action[] {
    const { id } = writer;
    const early = this.#variant.mutant === 'bump-before-commit';
    const step = (name: string, run: () => void): Action => ({ name: `${id} ${name}`, run });
    const crash = (name: string, run: () => void): Action[] =>
      this.#crashes > 0
        ? []
        : [
            step(name, () => {
              this.#crashes += 1;
              run();
            }),
          ];
    const dies = crash('dies', () => (writer.state = 'dead'));
    const database: Action[] = writer.isStatementOut
      ? [step('is committed by the database', () => this.#commitRow(writer))]
      : [];
    switch (writer.state) {
      case 'idle':
        return [
          step('begins', () => {
            if (this.#variant.mutant !== 'no-fence') this.#log.begin(id, SCOPE, DEADLINE_MS);
            if (early) this.#log.commit(id, SCOPE);
            writer.isStatementOut = true;
            writer.state = 'begun';
          }),
        ];
      case 'begun':
        // The database has ended every statement before the deadline.
        if (!writer.isStatementOut) {
          return [
            step('is refused', () => {
              this.#log.abort(id);
              writer.state = 'refused';
            }),
          ];
        }
        return [
          ...database,
          ...dies,
          ...crash('hears nothing of its statement', () => {
            if (this.#variant.mutant === 'unknown-without-fence') this.#log.commit(id, SCOPE);
            else this.#log.unknown(id, SCOPE, DEADLINE_MS);
            writer.state = 'unknown';
          }),
        ];
      case 'written':
        return [
          ...dies,
          step('reports its commit', () => {
            if (!early) this.#log.commit(id, SCOPE);
            this.#told = Math.max(this.#told, writer.version);
            writer.state = 'acknowledged';
          }),
        ];
      case 'dead':
      case 'unknown':
        return database;
      default:
        return [];
    }
  }

  #commitRow(writer: Writer): void {
    this.#row += 1;
    writer.version = this.#row;
    writer.isStatementOut = false;
    if (writer.state === 'begun') writer.state = 'written';
  }

  #readerSteps(reader: Reader, index: number): Action[] {
    const step = (name: string, run: () => void): Action[] => [{ name: `r${index} ${name}`, run }];
    const answer = (version: number): void => {
      reader.version = version;
      if (version < reader.least) {
        this.violation = `r${index} returned version ${version} after ${reader.least} was known`;
      }
      this.#told = Math.max(this.#told, version);
    };
    const end = (): void => {
      const { copy, known } = reader;
      Object.assign(reader, { ...fresh(copy, known), state: 'done' });
    };
    switch (reader.state) {
      case 'idle':
        return step('begins and looks into the cache', () => {
          reader.least = this.#told;
          reader.found = this.#entry;
          reader.state = 'looked';
        });
      case 'looked':
        return step('syncs and decides', () => {
          if (this.#variant.mutant !== 'reader-without-sync') this.#sync(reader);
          const { found } = reader;
          const seq = reader.copy.position?.seq ?? 0;
          if (found !== undefined && this.#verdict(reader, found.seq) === 'valid') {
            answer(found.version);
            end();
            return;
          }
          reader.found = undefined;
          reader.capturedSeq = seq;
          reader.state = reader.copy.isPending(SCOPE) ? 'bypassing' : 'missed';
        });
      case 'bypassing':
        return step('reads the database', () => {
          answer(this.#row);
          end();
        });
      case 'missed':
        return step('reads the database', () => {
          answer(this.#row);
          reader.state = 'answered';
        });
      case 'answered':
        return step('syncs again', () => {
          this.#sync(reader);
          if (this.#variant.mutant === 'capture-after-read') {
            reader.capturedSeq = reader.copy.position?.seq ?? 0;
          }
          if (this.#verdict(reader, reader.capturedSeq) === 'valid') reader.state = 'stamped';
          else end();
        });
      case 'stamped':
        return step('stores', () => {
          this.#entry = { seq: reader.capturedSeq, version: reader.version };
          end();
        });
      case 'done':
        return [];
    }
  }

  #surroundings(): Action[] {
    const actions: Action[] = [];
    if (!this.#isDeadlinePast) {
      actions.push({
        name: 'the deadline passes',
        run: () => {
          this.#isDeadlinePast = true;
          for (const writer of this.#writers) writer.isStatementOut = false;
          if (this.#variant.mutant === 'silent-deadline') {
            for (const { id, state } of this.#writers) if (state === 'dead') this.#log.abort(id);
          }
          this.#nowMs += DEADLINE_MS;
          this.#log.maintain();
        },
      });
    }
    if (this.#crashes === 0) {
      actions.push({
        name: 'the coordinator starts again',
        run: () => {
          this.#crashes += 1;
          this.#log = EpochLog.restore(this.#journal.saved(), this.#host());
        },
      });
    }
    return actions;
  }

  #sync(reader: Reader): void {
    reader.copy.apply(this.#log.delta(reader.copy.position), this.#nowMs);
    reader.known = this.#known();
  }

  #known(): Reader['known'] {
    const { fences = [], events } = this.#log.delta();
    return [fences.map(([id]) => id).sort(), events.at(-1)?.seq ?? 0];
  }

  #verdict({ copy }: Reader, seq: number): string {
    const verdict = copy.check({ incarnation: 'i', seq }, SCOPE);
    return verdict === 'unknown' ? this.#log.check({ seq, hashes: SCOPE }) : verdict;
  }

  #host(): { readonly clock: { now(): number }; readonly journal: MemoryJournal } {
    return { clock: { now: () => this.#nowMs }, journal: this.#journal };
  }
}

/** The numbers that a reader holds on to. */
function seqsOf({ copy, found, capturedSeq, known }: Reader): readonly number[] {
  return [copy.position?.seq ?? 0, found?.seq ?? 0, capturedSeq, known[1]];
}

function fresh(copy: LogCopy, known: Reader['known']): Reader {
  return {
    copy,
    state: 'idle',
    least: 0,
    capturedSeq: 0,
    version: 0,
    found: undefined,
    known,
  };
}
