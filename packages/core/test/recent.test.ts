import { expect, it } from 'vitest';
import { Recent } from '../src/recent.js';

it('keeps what is asked for, and at most two generations', () => {
  const recent = new Recent<number>(10);
  recent.set('kept', -1);
  for (let index = 0; index < 100; index++) {
    recent.set(`key${index}`, index);
    expect(recent.get('kept')).toBe(-1);
    expect(recent.size).toBeLessThanOrEqual(20);
  }
  expect(recent.get('key99')).toBe(99);
  expect(recent.get('key0')).toBeUndefined();
});

it('weighs what it keeps', () => {
  const recent = new Recent<string>(100);
  recent.set('a', 'A', 60);
  recent.set('b', 'B', 60);
  expect(recent.get('a')).toBe('A');
  recent.set('c', 'C', 60);
  expect([recent.get('c'), recent.get('b')]).toEqual(['C', undefined]);
  recent.set('huge', 'H', 101);
  expect(recent.get('huge')).toBeUndefined();
  expect(recent.get('c')).toBe('C');
});

it('takes the last value of a key', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 1);
  recent.set('a', 2);
  expect(recent.get('a')).toBe(2);
});
