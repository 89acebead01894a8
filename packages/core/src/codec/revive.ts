import { bytesOfBase64 } from '../value/base64.js';
import type { Shape, Tag } from './shape.js';

/** Builds a Decimal of the class that the client's own results have, from its exact text. */
export type MakeDecimal = (text: string) => unknown;

/**
 * Puts the values that JSON could not carry back, in place, into what was parsed; the reverse of `toPlain`.
 *
 * Every step checks what it finds, and a name that an object does not have finds what it inherits: nothing inherited is of a
 * type that is revived.
 */
export function revive(value: unknown, shape: Shape, makeDecimal: MakeDecimal): unknown {
  if (shape === 0 || value === null || value === undefined) return value;
  if (typeof shape === 'string') {
    return shape === 'x'
      ? reviveTold(value, makeDecimal)
      : reviveCarried(value, shape, makeDecimal);
  }
  if (typeof value !== 'object' || Array.isArray(value) !== Array.isArray(shape)) return value;
  if (Array.isArray(shape)) {
    const list = value as unknown[];
    const inner = (shape as readonly [Shape])[0];
    for (let index = 0; index < list.length; index++) {
      list[index] = revive(list[index], inner, makeDecimal);
    }
    return list;
  }
  const object = value as Record<string, unknown>;
  const shapes = shape as Readonly<Record<string, Shape>>;
  for (const name in shapes) {
    const carried = object[name];
    const revived = revive(carried, shapes[name] as Shape, makeDecimal);
    if (revived !== carried) object[name] = revived;
  }
  return object;
}

function reviveCarried(value: unknown, tag: Tag, makeDecimal: MakeDecimal): unknown {
  if (tag === 'd') return typeof value === 'number' ? new Date(value) : value;
  if (typeof value !== 'string') return value;
  switch (tag) {
    case 'n':
      return BigInt(value);
    case 'b':
      return bytesOfBase64(value);
    case 'f':
      return Number(value);
    default:
      return makeDecimal(value);
  }
}

function reviveTold(value: unknown, makeDecimal: MakeDecimal): unknown {
  if (!Array.isArray(value)) return value;
  const [tag, told] = value as [Tag | 'o' | 'l', unknown];
  if (tag === 'l') return (told as unknown[]).map((item) => reviveTold(item, makeDecimal));
  if (tag !== 'o') return reviveCarried(told, tag, makeDecimal);
  const object = told as Record<string, unknown>;
  for (const name of Object.keys(object)) object[name] = reviveTold(object[name], makeDecimal);
  return object;
}
