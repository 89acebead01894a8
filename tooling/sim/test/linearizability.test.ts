import { describe, expect, it } from 'vitest';
import { contradiction, type RegisterOperation } from '../src/coordinator-level/linearizability.ts';

const write = (value: string, startMs: number, endMs: number): RegisterOperation => ({
  kind: 'write',
  value,
  startMs,
  endMs,
});
const read = (value: string, startMs: number, endMs: number): RegisterOperation => ({
  kind: 'read',
  value,
  startMs,
  endMs,
});

describe('operations of a register', () => {
  it('are linearizable one after the other', () => {
    const history = [write('a', 0, 1), read('a', 2, 3), write('b', 4, 5), read('b', 6, 7)];
    expect(contradiction(history)).toBeUndefined();
  });

  it('are linearizable in either order where they overlap', () => {
    const both = [write('a', 0, 1), write('b', 2, 10)];
    expect(contradiction([...both, read('a', 3, 4), read('b', 5, 6)])).toBeUndefined();
    expect(contradiction([...both, read('a', 11, 12)])).toBeDefined();
  });

  it('are not when a read returns what was replaced before it began', () => {
    expect(
      contradiction([write('a', 0, 1), write('b', 2, 3), read('b', 4, 5), read('a', 6, 7)]),
    ).toMatch('a is read after b was there');
  });

  it('are not when a value was there and gone while another was there', () => {
    const history = [write('a', 0, 1), write('b', 3, 4), read('a', 6, 7)];
    expect(contradiction(history)).toMatch('b was there while a was');
  });

  it('are not when the new value is seen before the old one, though nobody heard of the write', () => {
    const unheard = write('b', 2, Number.POSITIVE_INFINITY);
    const history = [write('a', 0, 1), unheard, read('b', 4, 5), read('a', 6, 7)];
    expect(contradiction(history)).toBeDefined();
    expect(contradiction([write('a', 0, 1), unheard, read('a', 6, 7)])).toBeUndefined();
  });

  it('are not when something is read before it is written', () => {
    expect(contradiction([read('a', 0, 1), write('a', 2, 3)])).toMatch('before it is written');
  });
});
