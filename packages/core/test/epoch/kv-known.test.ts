import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownEpoch, newerEpoch, reflects } from '../../src/epoch/kv-known.js';
import { freshNonce, parseNonce, type Nonce } from '../../src/epoch/nonce.js';
import { Surroundings } from '../support/surroundings.js';

const MARGIN = 1_000;

describe('a nonce', () => {
  it('is never made twice, and carries its time', () => {
    const { ports, nowMs } = new Surroundings();
    const made = Array.from({ length: 1_000 }, () => freshNonce(ports.clock, ports.random));
    expect(new Set(made.map(({ text }) => text)).size).toBe(1_000);
    for (const nonce of made) expect(parseNonce(nonce.text)).toEqual({ ...nonce, timeMs: nowMs });
  });

  it.each(['', '0', 'n1.', 'n1.abc', 'n1.abc.short', 'n2.abc.0123456789abcdefghij', '{"n":1}'])(
    'is not %j: damaged, which is not absent',
    (text) => {
      expect(knownEpoch(text)).toBe('unreadable');
    },
  );

  it('is told from a damaged one, whichever character has changed', () => {
    const { ports } = new Surroundings();
    const { text } = freshNonce(ports.clock, ports.random);
    for (let index = 0; index < text.length; index++) {
      for (let bit = 0; bit < 7; bit++) {
        const other = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit));
        const damaged = text.slice(0, index) + other + text.slice(index + 1);
        expect(knownEpoch(damaged)).toBe('unreadable');
      }
    }
  });

  it('is absent only where the store said so', () => {
    expect(knownEpoch(null)).toBe('absent');
    expect(knownEpoch(undefined)).toBe('unreadable');
  });
});

/**
 * A scope's history as it really was: bumps in their true order, seen by a store that may be behind, and by an isolate that
 * made some of them itself. Clocks are off by less than half the margin each.
 */
const history = fc.record({
  gaps: fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 6 }),
  skews: fc.array(fc.integer({ min: -499, max: 499 }), { minLength: 7, maxLength: 7 }),
  storeSees: fc.integer({ min: -1, max: 5 }),
  ownIndex: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  capturedIndex: fc.integer({ min: -1, max: 5 }),
  readDelay: fc.integer({ min: 0, max: 6_000 }),
});

describe('an entry that reflects what is known', () => {
  it('was read after every bump that is known', () => {
    fc.assert(
      fc.property(history, ({ gaps, skews, storeSees, ownIndex, capturedIndex, readDelay }) => {
        const times: number[] = [];
        for (const gap of gaps) times.push((times.at(-1) ?? 1_000_000) + gap);
        const last = times.length - 1;
        const nonce = (index: number): Nonce => ({
          text: `n${index}`,
          timeMs: (times[index] as number) + (skews[index] as number),
        });
        const at = Math.min(storeSees, last);
        const own = ownIndex === undefined ? undefined : nonce(Math.min(ownIndex, last));
        // The filler captured a bump that had been made, then read the database.
        const captured = Math.min(capturedIndex, last);
        const readAt = (captured < 0 ? 999_000 : (times[captured] as number)) + readDelay;
        const startMs = readAt + (skews[6] as number);
        const accepted = reflects(
          captured < 0 ? null : nonce(captured).text,
          at < 0 ? 'absent' : nonce(at),
          own,
          { startMs, endMs: startMs },
          MARGIN,
        );
        const known = [at, ...(ownIndex === undefined ? [] : [Math.min(ownIndex, last)])];
        const missed = known.some((index) => index >= 0 && (times[index] as number) > readAt);
        if (accepted) expect(missed).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  const times = (startMs: number): { startMs: number; endMs: number } => ({
    startMs,
    endMs: startMs,
  });
  const at = (timeMs: number, text = `n${timeMs}`): Nonce => ({ text, timeMs });

  it('captured what the store says', () => {
    expect(reflects('n5', at(5), undefined, times(9), MARGIN)).toBe(true);
    expect(reflects('n4', at(5), undefined, times(9_999_999), MARGIN)).toBe(false);
    expect(reflects(null, 'absent', undefined, times(9), MARGIN)).toBe(true);
    expect(reflects(null, at(5), undefined, times(9), MARGIN)).toBe(false);
    expect(reflects('n4', 'absent', undefined, times(9), MARGIN)).toBe(false);
  });

  it('captured the own bump while the store is behind', () => {
    expect(reflects('n5000', at(5), at(5_000), times(5_001), MARGIN)).toBe(true);
    expect(reflects('n5000', 'absent', at(5_000), times(5_001), MARGIN)).toBe(true);
    expect(reflects('n5', at(5), at(5_000), times(4_000), MARGIN)).toBe(false);
  });

  it('was read surely after the own bump, whatever it captured of the store', () => {
    expect(reflects('n5', at(5), at(5_000), times(6_001), MARGIN)).toBe(true);
    expect(reflects('n5', at(5), at(5_000), times(6_000), MARGIN)).toBe(false);
  });

  it('captures the newer of the two', () => {
    expect(newerEpoch(at(5), at(6))).toEqual(at(6));
    expect(newerEpoch(at(7), at(6))).toEqual(at(7));
    expect(newerEpoch('absent', at(6))).toEqual(at(6));
    expect(newerEpoch('absent', undefined)).toBe('absent');
  });
});
