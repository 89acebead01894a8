import { describe, expect, it } from 'vitest';
import { placementHints, recommendedShards, type ModelPair } from '../src/index.js';

const pair = (mutated: string, target: string, invalidations: number): ModelPair => ({
  ...{ mutated, target, invalidations },
});

const PAIRS = [
  pair('Post', 'Post', 50),
  pair('Post', 'Comment', 40),
  pair('Order', 'Order', 45),
  pair('Order', 'Item', 44),
  pair('Log', 'Log', 2),
];

describe('placement hints', () => {
  it('put together what is invalidated together', () => {
    expect(placementHints(PAIRS, 2)).toEqual([
      ['Comment', 'Post'],
      ['Item', 'Log', 'Order'],
    ]);
  });

  it('are the same for the same pairs in another order', () => {
    expect(placementHints(PAIRS.toReversed(), 2)).toEqual(placementHints(PAIRS, 2));
  });

  it('put everything in one group where there is one, and leave none empty', () => {
    expect(placementHints(PAIRS, 1)).toHaveLength(1);
    expect(placementHints(PAIRS, 9)).toHaveLength(5);
    expect(placementHints([], 3)).toEqual([]);
  });

  it('never fill one group with all writes', () => {
    const models = ['A', 'B', 'C', 'D', 'E', 'F'];
    const star = models.flatMap((model) => [pair('Hub', model, 10), pair(model, model, 10)]);
    const groups = placementHints(star, 3);
    expect(groups).toHaveLength(3);
    // Of 70 writes no group may have more than 35.
    expect(Math.max(...groups.map(({ length }) => length))).toBeLessThanOrEqual(3);
  });

  it('refuse a number of groups that is none', () => {
    expect(() => placementHints(PAIRS, 0)).toThrow('BOOST_OPTION_INVALID');
  });
});

describe('recommended shards', () => {
  it.each([
    [0, 1],
    [1_000, 1],
    [1_523, 2],
    [2_847, 3],
  ])('%d requests a second need %d', (requests, shards) => {
    expect(recommendedShards(requests)).toBe(shards);
  });
});
