import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KVSession } from '../../src/epoch/kv-session.js';
import type { Answer } from '../../src/epoch/authority.js';

const answer = (startMs: number, fill = `fill ${startMs}`): Answer => ({
  stamp: [fill],
  times: { startMs, endMs: startMs + 100 },
  isLocal: false,
});
const rules = { marginMs: 1_000, sinceMs: 0 };

/** Tells the session an answer as soon as the database has given it. */
function hear(session: KVSession, query: string, given: Answer): void {
  session.answered(query, given, given.times.endMs, rules.marginMs);
}

function allows(session: KVSession, query: string, { stamp, times }: Answer, since = 0): boolean {
  return session.allowsAnswer(query, stamp ?? [], times, { ...rules, sinceMs: since });
}

describe('a session over KV', () => {
  it('is given the same entry again, and what was surely read later', () => {
    const session = new KVSession(undefined, 0);
    hear(session, 'q', answer(50_000));
    expect(allows(session, 'q', answer(50_000))).toBe(true);
    expect(allows(session, 'q', answer(50_000, 'another fill'))).toBe(false);
    expect(allows(session, 'q', answer(49_000))).toBe(false);
    expect(allows(session, 'q', answer(51_100))).toBe(false);
    expect(allows(session, 'q', answer(51_101))).toBe(true);
    expect(allows(session, 'another query', answer(1))).toBe(true);
  });

  it('remembers the newest answer, whatever the order in which they come', () => {
    const session = new KVSession(undefined, 0);
    hear(session, 'q', answer(50_000));
    hear(session, 'q', answer(40_000));
    expect(allows(session, 'q', answer(40_000))).toBe(false);
    expect(allows(session, 'q', answer(50_000))).toBe(true);
  });

  it('is given nothing older than either of two answers that overlapped', () => {
    const session = new KVSession(undefined, 0);
    const slow: Answer = { ...answer(50_000), times: { startMs: 50_000, endMs: 54_000 } };
    hear(session, 'q', answer(50_010));
    hear(session, 'q', { ...slow, isLocal: true });
    // Either may be what the other is older than.
    expect(allows(session, 'q', slow)).toBe(false);
    expect(allows(session, 'q', answer(50_010))).toBe(false);
    expect(allows(session, 'q', answer(55_001))).toBe(true);
  });

  it('takes what its own isolate read after the last answer for newer, and nothing else within the margin', () => {
    const session = new KVSession(undefined, 0);
    hear(session, 'q', answer(50_000));
    hear(session, 'q', { ...answer(50_101), isLocal: true });
    expect(allows(session, 'q', answer(50_101))).toBe(true);
    hear(session, 'q', answer(50_300));
    expect(allows(session, 'q', answer(50_300))).toBe(false);
  });

  it('knows an answer again when it gets its stamp', () => {
    const session = new KVSession(undefined, 0);
    const given = answer(50_000);
    hear(session, 'q', { ...given, stamp: null });
    hear(session, 'q', given);
    expect(allows(session, 'q', given)).toBe(true);
  });

  it('forgets nothing that KV may not have told everyone yet', () => {
    const session = new KVSession(undefined, 0);
    for (let i = 0; i <= 20_000; i++) hear(session, `q${i}`, answer(50_000 + i));
    expect(allows(session, 'q0', answer(49_000))).toBe(false);
    expect(allows(session, 'q0', answer(52_000))).toBe(true);
    expect(allows(session, 'q0', answer(49_000), 60_000)).toBe(true);
  });

  it('hands its last write on, for as long as KV may need', () => {
    const session = new KVSession(undefined, 0);
    expect(session.ticket()).toBe('');
    session.bumped(50_000);
    session.bumped(40_000);
    const continued = new KVSession(session.ticket(), 99_000);
    expect(continued.floorMs(49_999)).toBe(50_000);
    expect(continued.floorMs(50_000)).toBe(0);
    expect(continued.ticket()).toBe(session.ticket());
  });

  it('hands its answers on: the same entry or a later one, and nothing older', () => {
    const session = new KVSession(undefined, 0);
    hear(session, 'q', answer(50_000));
    hear(session, 'unstamped', { ...answer(50_000), stamp: null });
    const continued = new KVSession(session.ticket(), 99_000);
    expect(allows(continued, 'q', answer(50_000))).toBe(true);
    expect(allows(continued, 'q', answer(50_000, 'another fill'))).toBe(false);
    expect(allows(continued, 'q', answer(49_000))).toBe(false);
    expect(allows(continued, 'q', answer(51_101))).toBe(true);
    expect(allows(continued, 'unstamped', answer(50_000))).toBe(false);
    expect(allows(continued, 'another query', answer(1))).toBe(true);
    // What it bounds, it bounds for as long as KV may need.
    expect(allows(continued, 'q', answer(49_000), 50_101)).toBe(true);
    expect(new KVSession(continued.ticket(), 99_000).ticket()).toBe(session.ticket());
  });

  it('hands on an answer whose stamp comes too late for the ticket: the next request hits its entry', () => {
    const session = new KVSession(undefined, 0);
    const given = answer(50_000, 'late');
    session.answered('q', { ...given, stamp: null, fillId: 'late' }, 50_100, rules.marginMs);
    const continued = new KVSession(session.ticket(), 99_000);
    expect(allows(continued, 'q', given)).toBe(true);
    expect(allows(continued, 'q', answer(50_000, 'another'))).toBe(false);
  });

  it('is held by its own later answers, not by those that it was handed', () => {
    const before = new KVSession(undefined, 0);
    hear(before, 'q', answer(50_000));
    const session = new KVSession(before.ticket(), 99_000);
    hear(session, 'q', answer(60_000));
    expect(allows(session, 'q', answer(60_000))).toBe(true);
    expect(allows(session, 'q', answer(50_000))).toBe(false);
    expect(allows(new KVSession(session.ticket(), 99_000), 'q', answer(50_000))).toBe(false);
  });

  it('has room for the latest answers, and a floor for the others', () => {
    const session = new KVSession(undefined, 0);
    for (let i = 0; i < 1_000; i++) hear(session, `q${i}`, answer(50_000 + 10 * i));
    const ticket = session.ticket();
    expect(ticket.length).toBeLessThanOrEqual(2_048);
    expect(ticket).toMatch(/^[\x21-\x7e]+$/);
    expect(ticket).not.toContain('fill');
    const continued = new KVSession(ticket, 99_000);
    expect(allows(continued, 'q999', answer(50_000 + 9_990))).toBe(true);
    expect(allows(continued, 'q0', answer(50_000))).toBe(true);
    expect(continued.floorMs(0)).toBeGreaterThan(50_000 + 9_000);
  });

  it('continues several sessions at once: what holds for each holds for it', () => {
    const [a, b] = [new KVSession(undefined, 0), new KVSession(undefined, 0)];
    a.bumped(40_000);
    b.bumped(41_000);
    hear(a, 'q', answer(50_000));
    hear(b, 'q', answer(50_500));
    hear(b, 'p', answer(50_500));
    for (const ticket of [`${a.ticket()}~${b.ticket()}`, `${b.ticket()}~k9.x~${a.ticket()}`]) {
      const both = new KVSession(ticket, 99_000);
      expect(both.floorMs(0)).toBe(41_000);
      // Nobody knows which of the two is newer.
      expect(allows(both, 'q', answer(50_000))).toBe(false);
      expect(allows(both, 'q', answer(50_500))).toBe(false);
      expect(allows(both, 'q', answer(51_601))).toBe(true);
      expect(allows(both, 'p', answer(50_500))).toBe(true);
    }
  });

  it('is never harmed by a text that is no ticket', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^k1\.[0-9a-z._~]*$/)), (text) => {
        const session = new KVSession(text, 99_000);
        expect(session.floorMs(0)).toBeLessThanOrEqual(99_000);
        // Whatever it claims, an answer of the present is good enough.
        expect(allows(session, 'q', answer(100_001))).toBe(true);
        expect(session.ticket().length).toBeLessThanOrEqual(2_048);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('takes a ticket of the future for one of now', () => {
    const ahead = new KVSession(undefined, 0);
    ahead.bumped(900_000);
    expect(new KVSession(ahead.ticket(), 50_000).floorMs(0)).toBe(50_000);
  });
});
