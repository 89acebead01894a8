import { describe, expect, it } from 'vitest';
import { expiresEarly } from '../../src/engine/early-expiry.js';
import type { Random } from '../../src/ports.js';
import { Surroundings } from '../support/surroundings.js';

const TRIES = 4_000;

/** The share of readers that read an entry anew whose database read took 100 ms, so long before it expires. */
function share(leftMs: number, random: Random = new Surroundings().ports.random): number {
  const entry = { times: { startMs: 0, endMs: 100 }, freshUntilMs: 10_000 };
  let early = 0;
  for (let tried = 0; tried < TRIES; tried++) {
    if (expiresEarly(entry, 10_000 - leftMs, random)) early += 1;
  }
  return early / TRIES;
}

describe('early expiry', () => {
  it.each([0, 50, 100, 200, 400])('%d ms before the end has the chance of the paper', (leftMs) => {
    expect(share(leftMs)).toBeCloseTo(Math.exp(-leftMs / 100), 1);
  });

  it('takes no chance far from the end', () => {
    const bytes = (): never => {
      throw new Error('chance was asked');
    };
    expect(share(1_200, { bytes })).toBe(0);
  });

  it('takes a read for which the clock stood still as one of a millisecond', () => {
    const { random } = new Surroundings().ports;
    const entry = { times: { startMs: 5, endMs: 5 }, freshUntilMs: 10 };
    expect(expiresEarly(entry, 10, random)).toBe(true);
  });
});
