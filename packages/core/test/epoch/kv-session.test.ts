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

  it('takes a ticket of the future for one of now', () => {
    const ahead = new KVSession(undefined, 0);
    ahead.bumped(900_000);
    expect(new KVSession(ahead.ticket(), 50_000).floorMs(0)).toBe(50_000);
  });
});
