import { beforeEach, describe, expect, it } from 'vitest';
import { EpochLog, type EpochLogOptions } from '../../../src/epoch/log/epoch-log.js';
import type { EntryVerdict, LogEvent } from '../../../src/epoch/log/log-format.js';
import { MemoryJournal } from './memory-journal.js';

const DEADLINE_MS = 1_000;
const [A, B, C] = [1, 2, 3] as const;

let nowMs: number;
let journal: MemoryJournal;
let log: EpochLog;

const options = (own: Partial<EpochLogOptions> = {}): EpochLogOptions => ({
  clock: { now: () => nowMs },
  journal,
  ...own,
});

beforeEach(() => {
  nowMs = 1_000_000;
  journal = new MemoryJournal();
  log = EpochLog.create('i1', 0, options());
});

const of = (...hashes: number[]): Float64Array => Float64Array.from(hashes);
const check = (seq: number, ...hashes: number[]): EntryVerdict =>
  log.check({ seq, hashes: of(...hashes) });

function restart(): void {
  log = EpochLog.restore(journal.saved(), options());
}

function write(id: string, ...hashes: number[]): void {
  log.begin(id, of(...hashes), DEADLINE_MS);
  log.commit(id, of(...hashes));
}

const kinds = (events: readonly LogEvent[]): readonly string[] => events.map(({ kind }) => kind);

describe('the log of a coordinator', () => {
  it('invalidates what captured a number before the bump, and nothing else', () => {
    const before = log.seq;
    write('w1', A);
    expect(check(before, A, B)).toBe('stale');
    expect(check(before, B, C)).toBe('valid');
    expect(check(log.seq, A)).toBe('valid');
  });

  it('holds readers back while a write is under way', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    expect(check(log.seq, A)).toBe('bypass');
    expect(check(log.seq, B)).toBe('valid');
    log.abort('w1');
    expect(check(log.seq, A)).toBe('valid');
  });

  it('fences a scope until the last write of it has ended', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    log.begin('w2', of(A, B), DEADLINE_MS);
    log.commit('w1', of(A));
    expect(check(log.seq, A)).toBe('bypass');
    log.commit('w2', of(B));
    expect(check(log.seq, A)).toBe('valid');
  });

  it('widens a fence and keeps what it had', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    log.begin('w1', of(B), DEADLINE_MS);
    expect([check(log.seq, A), check(log.seq, B), check(log.seq, C)]).toEqual([
      'bypass',
      'bypass',
      'valid',
    ]);
  });

  it('bumps the commit of a write that was never announced', () => {
    const before = log.seq;
    log.commit('unknown', of(A));
    expect(check(before, A)).toBe('stale');
  });

  it('closes a write at its deadline with a bump of all that it may have changed', () => {
    const before = log.seq;
    log.begin('w1', of(A, B), DEADLINE_MS);
    expect(log.dueAtMs).toBe(nowMs + DEADLINE_MS);
    nowMs += DEADLINE_MS;
    log.maintain();
    expect([check(before, A), check(before, B)]).toEqual(['stale', 'stale']);
    expect(check(log.seq, A)).toBe('valid');
    expect(log.dueAtMs).toBeUndefined();
  });

  it('does not wait for the alarm to close it', () => {
    const before = log.seq;
    log.begin('w1', of(A), DEADLINE_MS);
    nowMs += DEADLINE_MS;
    expect(check(before, A)).toBe('stale');
  });

  it('late commit after the alarm: bumps again', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    nowMs += DEADLINE_MS;
    log.maintain();
    const filled = log.seq;
    log.commit('w1', of(A));
    expect(check(filled, A)).toBe('stale');
  });

  it('commit taken for a repeat: only the commit that was processed is ignored when it comes again', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    log.abort('w1');
    const aborted = log.seq;
    log.commit('w1', of(A));
    expect(check(aborted, A)).toBe('stale');
    const committed = log.seq;
    log.commit('w1', of(A));
    expect(check(committed, A)).toBe('valid');
  });

  it('ignores an announcement that its end has overtaken', () => {
    write('w1', A);
    log.begin('w1', of(A), DEADLINE_MS);
    expect(check(log.seq, A)).toBe('valid');
    log.abort('w2');
    log.begin('w2', of(A), DEADLINE_MS);
    expect(check(log.seq, A)).toBe('valid');
  });

  it('opens a write again that was closed at its deadline and goes on', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    nowMs += DEADLINE_MS;
    log.begin('w1', of(A, B), DEADLINE_MS);
    expect([check(log.seq, A), check(log.seq, B)]).toEqual(['bypass', 'bypass']);
  });

  it('bumps an unknown outcome at once, keeps the fence, and bumps again at the deadline', () => {
    const before = log.seq;
    log.begin('w1', of(A), DEADLINE_MS);
    log.unknown('w1', of(A, B), DEADLINE_MS);
    expect(check(before, A)).toBe('bypass');
    expect(check(log.seq, B)).toBe('bypass');
    const filled = log.seq;
    nowMs += DEADLINE_MS;
    expect(check(filled, A)).toBe('stale');
    expect(check(filled, B)).toBe('stale');
    expect(check(log.seq, A)).toBe('valid');
  });

  it('gives each step a number of its own', () => {
    const start = log.seq;
    log.begin('w1', of(A), DEADLINE_MS);
    log.begin('w1', of(B), DEADLINE_MS);
    log.unknown('w1', of(C), DEADLINE_MS);
    log.commit('w1', of(A));
    log.begin('w2', of(A), DEADLINE_MS);
    log.abort('w2');
    const { events } = log.delta({ incarnation: 'i1', seq: start });
    expect(events.map(({ seq }) => seq - start)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(kinds(events)).toEqual('opened opened opened bumped bumped opened aborted'.split(' '));
  });

  it('writes one row for a commit, however many scopes it has', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => index + 1);
    log.begin('warm up', of(A), DEADLINE_MS);
    journal.writes = 0;
    log.begin('w1', of(...many), DEADLINE_MS);
    expect(journal.writes).toBe(1);
    log.commit('w1', of(...many));
    expect(journal.writes).toBe(2);
  });
});

describe('a log that is started again', () => {
  it('knows the bumps, the fences and their deadlines', () => {
    const before = log.seq;
    write('w1', A);
    log.begin('w2', of(B), DEADLINE_MS);
    restart();
    expect([check(before, A), check(before, B), check(before, C)]).toEqual([
      'stale',
      'bypass',
      'valid',
    ]);
    nowMs += DEADLINE_MS;
    expect(check(before, B)).toBe('stale');
  });

  it('never gives out a number twice, not even one that only an abort had', () => {
    log.begin('w1', of(A), DEADLINE_MS);
    log.abort('w1');
    const given = log.seq;
    restart();
    write('w2', A);
    expect(check(given, A)).toBe('stale');
  });

  it('tells a copy of before what has been bumped and which writes are still under way', () => {
    const start = { incarnation: 'i1', seq: log.seq };
    log.begin('gone', of(C), DEADLINE_MS);
    const mid = { incarnation: 'i1', seq: log.seq };
    log.abort('gone');
    write('w1', A);
    log.begin('w2', of(B), DEADLINE_MS);
    restart();
    for (const since of [start, mid]) {
      const delta = log.delta(since);
      expect(delta.from).toBe(since.seq);
      expect(kinds(delta.events)).toEqual(['bumped']);
      expect(delta.fences).toEqual([['w2', of(B)]]);
    }
  });

  it('knows that a position is of its future', () => {
    expect(log.isOfPast({ incarnation: 'i1', seq: log.seq })).toBe(true);
    expect(log.isOfPast({ incarnation: 'i1', seq: log.seq + 1 })).toBe(false);
    expect(log.isOfPast({ incarnation: 'i0', seq: log.seq + 1 })).toBe(true);
  });
});

describe('a new log', () => {
  it('incarnation loss: answers "bypass" until no lost write can be under way', () => {
    log = EpochLog.create('i2', DEADLINE_MS, options());
    expect(check(log.seq, A)).toBe('bypass');
    expect(log.delta()).toMatchObject({ quietMs: DEADLINE_MS });
    nowMs += DEADLINE_MS - 1;
    restart();
    expect(check(log.seq, A)).toBe('bypass');
    nowMs += 1;
    expect(check(log.seq, A)).toBe('valid');
    expect(log.delta()).toMatchObject({ quietMs: 0 });
  });

  it('tells a copy of another incarnation what it tells a new one', () => {
    write('w1', A);
    const other = log.delta({ incarnation: 'i0', seq: log.seq });
    expect(other).toEqual(log.delta());
    expect(other.fences).toEqual([]);
  });
});

describe('a log that grows', () => {
  it('gives up the oldest bumps, and every entry of then', () => {
    log = EpochLog.create('i1', 0, options({ maxScopes: 100 }));
    const start = log.seq;
    for (let hash = 1; hash <= 101; hash++) write(`w${hash}`, hash);
    expect(log.scopeCount).toBeLessThanOrEqual(76);
    // Whether A was bumped since then is forgotten.
    expect(check(start, 1_000)).toBe('stale');
    expect(check(log.seq, A)).toBe('valid');
    const rows = journal.rows.size;
    expect(rows).toBe(log.scopeCount);
    restart();
    expect(check(start, 1_000)).toBe('stale');
  });

  it('merges what has ended into segments that say the same', () => {
    const start = log.seq;
    const filled: number[] = [];
    for (let index = 0; index < 1_200; index++) {
      filled.push(log.seq);
      write(`w${index}`, 1 + (index % 700), 10_000 + index);
    }
    log.begin('under way', of(C), DEADLINE_MS);
    expect(log.dueAtMs).toBe(nowMs);
    log.maintain();
    expect(journal.rows.size).toBe(1);
    expect(journal.segments.size).toBe(1);
    restart();
    expect(log.scopeCount).toBe(1_900);
    expect(check(start, 1_000_000)).toBe('valid');
    expect(check(start, 10_000)).toBe('stale');
    expect(check(filled[1] ?? 0, 10_000)).toBe('valid');
    expect(check(filled[700] ?? 0, 1)).toBe('stale');
    expect(check(filled[701] ?? 0, 1)).toBe('valid');
    expect(check(filled[701] ?? 0, C)).toBe('bypass');
  });

  it('tells a copy that is too far behind to begin anew', () => {
    const since = { incarnation: 'i1', seq: log.seq };
    const wide = Array.from({ length: 1_000 }, (_, index) => index + 1);
    for (let index = 0; index < 120; index++) write(`w${index}`, ...wide);
    const delta = log.delta(since);
    expect(delta.from).toBeGreaterThan(since.seq);
    expect(delta.fences).toEqual([]);
    expect(kinds(delta.events)).toEqual(['bumped', 'bumped', 'bumped', 'bumped']);
  });
});
