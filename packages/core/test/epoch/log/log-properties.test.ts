import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EpochLog } from '../../../src/epoch/log/epoch-log.js';
import { LogCopy } from '../../../src/epoch/log/log-copy.js';
import { RelayCopy } from '../../../src/epoch/log/relay-copy.js';
import type { EntryVerdict, LogDelta, LogPosition } from '../../../src/epoch/log/log-format.js';
import { MemoryJournal } from './memory-journal.js';

const HASHES = [1, 2, 3, 4] as const;
const IDS = ['w1', 'w2', 'w3', 'w4'] as const;
const DEADLINE_MS = 10;

interface OpenWrite {
  readonly hashes: ReadonlySet<number>;
  readonly deadlineMs: number;
  /** What an unknown outcome has bumped: its end bumps it again. */
  readonly bumped: readonly number[];
}

/** What a log must say, said without any of its means: everything that ever happened, looked through each time. */
class Reference {
  #ticks = 0;
  readonly #bumps: { readonly at: number; readonly hashes: readonly number[] }[] = [];
  readonly #open = new Map<string, OpenWrite>();
  readonly #ended = new Map<string, 'committed' | 'aborted'>();

  capture(): number {
    return this.#ticks;
  }

  begin(id: string, hashes: readonly number[], nowMs: number): void {
    if (!this.#ended.has(id)) this.#announce(id, hashes, nowMs);
  }

  #announce(id: string, hashes: readonly number[], nowMs: number): OpenWrite {
    const known = this.#open.get(id);
    const write = {
      hashes: new Set([...(known?.hashes ?? []), ...hashes]),
      deadlineMs: nowMs + DEADLINE_MS,
      bumped: known?.bumped ?? [],
    };
    this.#open.set(id, write);
    return write;
  }

  commit(id: string, hashes: readonly number[]): void {
    if (this.#ended.get(id) === 'committed') return;
    this.#ended.set(id, 'committed');
    this.#end(id, hashes);
  }

  abort(id: string): void {
    if (this.#ended.has(id)) return;
    this.#ended.set(id, 'aborted');
    this.#end(id, []);
  }

  #end(id: string, hashes: readonly number[]): void {
    const earlier = this.#open.get(id)?.bumped ?? [];
    this.#open.delete(id);
    this.#bump([...earlier, ...hashes]);
  }

  unknown(id: string, hashes: readonly number[], nowMs: number): void {
    if (this.#ended.get(id) === 'committed') return;
    const write = this.#announce(id, hashes, nowMs);
    const bumped = [...write.hashes];
    this.#open.set(id, { ...write, bumped });
    this.#bump(bumped);
  }

  /** Which writes have ended is remembered by the process alone: their repeats then bump again. */
  restart(): void {
    this.#ended.clear();
  }

  pass(nowMs: number): void {
    for (const [id, { hashes, deadlineMs }] of this.#open) {
      if (deadlineMs > nowMs) continue;
      this.#open.delete(id);
      this.#bump([...hashes]);
    }
  }

  check(capturedAt: number, hash: number): EntryVerdict {
    for (const { hashes } of this.#open.values()) if (hashes.has(hash)) return 'bypass';
    const isBumped = this.#bumps.some(({ at, hashes }) => at > capturedAt && hashes.includes(hash));
    return isBumped ? 'stale' : 'valid';
  }

  #bump(hashes: readonly number[]): void {
    if (hashes.length === 0) return;
    this.#ticks += 1;
    this.#bumps.push({ at: this.#ticks, hashes });
  }
}

const id = fc.constantFrom(...IDS);
const hashes = fc.uniqueArray(fc.constantFrom(...HASHES), { minLength: 1 });
const action = fc.oneof(
  fc.record({ kind: fc.constant('begin' as const), id, hashes }),
  fc.record({ kind: fc.constant('commit' as const), id, hashes }),
  fc.record({ kind: fc.constant('abort' as const), id }),
  fc.record({ kind: fc.constant('unknown' as const), id, hashes }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({ kind: fc.constant('call' as const), copy: fc.nat(2) }),
  fc.record({ kind: fc.constant('relay' as const), copy: fc.nat(1) }),
  fc.record({ kind: fc.constant('process' as const), call: fc.nat() }),
  fc.record({ kind: fc.constant('answer' as const), call: fc.nat() }),
);

interface Call {
  readonly copy: number;
  readonly tick: number;
  readonly since: LogPosition | undefined;
  answer?: LogDelta;
}

interface Captured {
  readonly position: LogPosition;
  readonly at: number;
}

/** What the reference says of every position and scope. */
type Table = ReadonlyMap<string, EntryVerdict>;

it('says what a list of everything that happened says, through restarts; copies say what it said then, also those of a relay', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let nowMs = 1_000;
      const clock = { now: () => nowMs };
      const journal = new MemoryJournal();
      let log = EpochLog.create('i', 0, { clock, journal });
      const reference = new Reference();
      const relay = new RelayCopy();
      const copies = [new LogCopy(), new LogCopy(), relay];
      const appliedTicks = [-1, -1, -1];
      const calls: Call[] = [];
      const captured: Captured[] = [];
      /** What was true at a position of the log. */
      const truths = new Map<number, Table>();

      const truth = (): Table => {
        const table = new Map<string, EntryVerdict>();
        for (const { position, at } of captured) {
          for (const hash of HASHES) {
            table.set(`${position.seq} ${hash}`, reference.check(at, hash));
          }
        }
        return table;
      };
      const note = (): void => {
        reference.pass(nowMs);
        const { seq, incarnation } = log.delta();
        captured.push({ position: { incarnation, seq }, at: reference.capture() });
        truths.set(seq, truth());
      };
      const expectLog = (): void => {
        for (const { position, at } of captured) {
          for (const hash of HASHES) {
            const verdict = log.check({ seq: position.seq, hashes: Float64Array.of(hash) });
            expect(verdict).toBe(reference.check(at, hash));
          }
        }
      };

      note();
      actions.forEach((step, tick) => {
        switch (step.kind) {
          case 'begin':
            log.begin(step.id, Float64Array.from(step.hashes), DEADLINE_MS);
            reference.pass(nowMs);
            reference.begin(step.id, step.hashes, nowMs);
            break;
          case 'commit':
            log.commit(step.id, Float64Array.from(step.hashes));
            reference.pass(nowMs);
            reference.commit(step.id, step.hashes);
            break;
          case 'abort':
            log.abort(step.id);
            reference.pass(nowMs);
            reference.abort(step.id);
            break;
          case 'unknown':
            log.unknown(step.id, Float64Array.from(step.hashes), DEADLINE_MS);
            reference.pass(nowMs);
            reference.unknown(step.id, step.hashes, nowMs);
            break;
          case 'pass':
            nowMs += step.ms;
            if (step.ms % 2 === 0) log.maintain();
            break;
          case 'restart':
            log = EpochLog.restore(journal.saved(), { clock, journal });
            reference.restart();
            break;
          case 'call':
            calls.push({ copy: step.copy, tick, since: copies[step.copy]?.position });
            break;
          case 'process': {
            const call = calls[step.call % Math.max(1, calls.length)];
            if (call !== undefined) call.answer ??= log.delta(call.since);
            break;
          }
          case 'answer': {
            const [call] = calls.splice(step.call % Math.max(1, calls.length), 1);
            // An answer that was lost.
            if (call?.answer === undefined || call.tick < (appliedTicks[call.copy] ?? 0)) break;
            appliedTicks[call.copy] = call.tick;
            copies[call.copy]?.apply(call.answer, nowMs);
            break;
          }
          case 'relay': {
            const copy = copies[step.copy];
            if (relay.position !== undefined) copy?.apply(relay.delta(copy.position, nowMs), nowMs);
            break;
          }
        }
        note();
        expectLog();
        for (const copy of copies) {
          const { position } = copy;
          if (position === undefined) continue;
          for (const [name, verdict] of truths.get(position.seq) ?? new Map<string, never>()) {
            const [seq, hash] = name.split(' ').map(Number);
            const entry = { incarnation: position.incarnation, seq: seq ?? 0 };
            const said = copy.check(entry, Float64Array.of(hash ?? 0));
            if (said !== 'unknown') expect(said).toBe(verdict);
          }
          expect(truths.has(position.seq)).toBe(true);
        }
      });
    }),
    { numRuns: 1_500 },
  );
}, 60_000);
