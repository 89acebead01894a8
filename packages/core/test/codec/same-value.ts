import { expect } from 'vitest';
import { valueKind } from '../../src/value/value-kind.js';

/** Fails where two results differ in anything that a caller could see, or share anything that a caller could change. */
export function expectSameButApart(actual: unknown, original: unknown): void {
  expect(difference(actual, original, '$')).toBeNull();
}

function difference(actual: unknown, original: unknown, path: string): string | null {
  const kind = valueKind(original);
  if (valueKind(actual) !== kind) return `${path}: ${valueKind(actual)} instead of ${kind}`;
  if (typeof original !== 'object' || original === null) {
    return Object.is(actual, original) ? null : `${path}: another ${kind}`;
  }
  const copy = actual as object;
  if (copy === original) return `${path}: the same object`;
  if (Object.getPrototypeOf(copy) !== Object.getPrototypeOf(original)) {
    return `${path}: another prototype`;
  }
  switch (kind) {
    case 'date': {
      const same = (copy as Date).getTime() === (original as Date).getTime();
      return same ? null : `${path}: another time`;
    }
    case 'decimal': {
      const same =
        copy.valueOf() === original.valueOf() && copy.constructor === original.constructor;
      return same ? null : `${path}: another Decimal`;
    }
    case 'bytes': {
      const [mine, theirs] = [copy as Uint8Array, original as Uint8Array];
      if (mine.buffer === theirs.buffer) return `${path}: the same buffer`;
      return String(mine) === String(theirs) ? null : `${path}: other bytes`;
    }
    default: {
      const names = Object.getOwnPropertyNames(original);
      if (JSON.stringify(Object.getOwnPropertyNames(copy)) !== JSON.stringify(names)) {
        return `${path}: other properties, or in another order`;
      }
      for (const name of names) {
        const found = difference(valueOf(copy, name), valueOf(original, name), `${path}.${name}`);
        if (found !== null) return found;
      }
      return null;
    }
  }
}

function valueOf(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}
