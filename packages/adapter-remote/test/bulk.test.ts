import { expect, it } from 'vitest';
import { chunksOf } from '../src/bulk.js';

it('sends at once as many bytes as the API takes', () => {
  const json = JSON.stringify('x'.repeat(24 * 1024 * 1024));
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name, json }));
  const names = chunksOf(items).map((chunk) => chunk.map(({ name }) => name).join(''));
  expect(names).toEqual(['abc', 'def', 'g']);
});

it('counts bytes, not characters', () => {
  const json = JSON.stringify('\u20ac'.repeat(20 * 1024 * 1024));
  expect(chunksOf(['a', 'b'].map((name) => ({ name, json })))).toHaveLength(2);
});

it('sends nothing for nothing', () => {
  expect(chunksOf([])).toEqual([]);
});
