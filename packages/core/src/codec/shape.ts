import { BoostError } from '../error.js';
import { valueKind, type DecimalLike } from '../value/value-kind.js';

/**
 * Where in a result the values stand that JSON cannot carry. Rows of a list share one shape.
 *
 * - `0`: nothing to do below
 * - a tag: `d` Date, `n` BigInt, `c` Decimal, `b` bytes, `f` a number that JSON has no text for, `x` mixed: every value tells itself
 * - an object: shapes by property · a list of one: the shape of all elements
 */
export type Shape = 0 | Tag | { readonly [name: string]: Shape } | readonly [Shape];
export type Tag = 'd' | 'n' | 'c' | 'b' | 'f' | 'x';

type Found = undefined | Shape;

/** @throws BoostError `BOOST_VALUE_UNSUPPORTED` for what Prisma does not return: functions, foreign classes, invalid dates */
export function shapeOf(value: unknown): Shape {
  return prune(find(value));
}

function find(value: unknown): Found {
  switch (valueKind(value)) {
    case 'null':
      return undefined;
    case 'string':
    case 'boolean':
      return 0;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? 0 : 'f';
    case 'bigint':
      return 'n';
    case 'decimal':
      return 'c';
    case 'bytes':
      return 'b';
    case 'date':
      if (Number.isNaN((value as Date).getTime())) break;
      return 'd';
    case 'array': {
      let inner: Found;
      for (const item of value as unknown[]) inner = merge(inner, find(item));
      return [inner ?? 0];
    }
    case 'object': {
      const shape = Object.create(null) as Record<string, Shape>;
      for (const [name, property] of Object.entries(value as object)) {
        const found = property === undefined ? undefined : find(property);
        if (found !== undefined) shape[name] = found;
      }
      return shape;
    }
    default:
  }
  throw new BoostError(
    'BOOST_VALUE_UNSUPPORTED',
    'A result holds a value that Prisma does not return by itself (a function, a foreign class, an invalid date): it is not cached.',
  );
}

function merge(a: Found, b: Found): Found {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  if (typeof a === 'string' || typeof b === 'string') return 'x';
  // A primitive beside a list or an object is no conflict: there is nothing in it to look at.
  if (a === 0) return b;
  if (b === 0) return a;
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) ? [merge(a[0], b[0]) ?? 0] : 'x';
  }
  const out = Object.assign(Object.create(null) as Record<string, Shape>, a);
  for (const name of Object.keys(b)) out[name] = merge(out[name], b[name]) ?? 0;
  return out;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function prune(shape: Found): Shape {
  if (shape === undefined || shape === 0 || typeof shape === 'string') return shape ?? 0;
  if (isList(shape)) {
    const inner = prune(shape[0]);
    return inner === 0 ? 0 : [inner];
  }
  const out = Object.create(null) as Record<string, Shape>;
  let kept = false;
  for (const name of Object.keys(shape)) {
    const inner = prune(shape[name]);
    if (inner === 0) continue;
    out[name] = inner;
    kept = true;
  }
  return kept ? out : 0;
}

/** The JSON text of a value of this shape. */
export function writeShaped(value: unknown, shape: Shape): string {
  if (shape === 0 || value === null) return JSON.stringify(value);
  if (typeof shape === 'string')
    return shape === 'x' ? writeMixed(value) : writeTagged(value, shape);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(shape)) {
    if (!Array.isArray(value)) return JSON.stringify(value);
    return `[${value.map((item) => writeShaped(item, shape[0])).join()}]`;
  }
  if (Array.isArray(value)) return JSON.stringify(value);
  const parts: string[] = [];
  for (const [name, property] of Object.entries(value)) {
    if (property === undefined) continue;
    parts.push(`${JSON.stringify(name)}:${writeShaped(property, shape[name] ?? 0)}`);
  }
  return `{${parts.join()}}`;
}

function writeTagged(value: unknown, tag: Tag): string {
  switch (tag) {
    case 'd':
      return String((value as Date).getTime());
    case 'c':
      return `"${String((value as DecimalLike).valueOf())}"`;
    case 'b':
      return `"${toBase64(value as Uint8Array)}"`;
    case 'f':
      return typeof value === 'number' ? `"${Object.is(value, -0) ? '-0' : String(value)}"` : '""';
    default:
      return `"${String(value)}"`;
  }
}

function writeMixed(value: unknown): string {
  const found = find(value);
  if (typeof found === 'string') return `{"$":"${found}","v":${writeTagged(value, found)}}`;
  if (Array.isArray(value)) return `[${value.map(writeMixed).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .map(([name, property]) => `${JSON.stringify(name)}:${writeMixed(property)}`);
  return `{"$":"o","v":{${parts.join()}}}`;
}

/** Puts back, in place, the values that JSON could not carry. */
export function reviveShaped(
  value: unknown,
  shape: Shape,
  makeDecimal: (text: string) => unknown,
): unknown {
  if (shape === 0 || value === null) return value;
  if (typeof shape === 'string') {
    return shape === 'x'
      ? reviveMixed(value, makeDecimal)
      : reviveTagged(value, shape, makeDecimal);
  }
  if (typeof value !== 'object') return value;
  if (isList(shape)) {
    if (!Array.isArray(value)) return value;
    const [inner] = shape;
    for (let index = 0; index < value.length; index++) {
      value[index] = reviveShaped(value[index], inner, makeDecimal);
    }
    return value;
  }
  const object = value as Record<string, unknown>;
  for (const name in shape) {
    const property = object[name];
    if (property === undefined || property === null || !Object.hasOwn(object, name)) continue;
    const revived = reviveShaped(property, shape[name] as Shape, makeDecimal);
    if (revived === property) continue;
    if (name === '__proto__') {
      Object.defineProperty(object, name, {
        value: revived,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else {
      object[name] = revived;
    }
  }
  return value;
}

function reviveTagged(value: unknown, tag: Tag, makeDecimal: (text: string) => unknown): unknown {
  switch (tag) {
    case 'd':
      return new Date(value as number);
    case 'n':
      return BigInt(value as string);
    case 'c':
      return makeDecimal(value as string);
    case 'b':
      return fromBase64(value as string);
    default:
      return Number(value);
  }
}

function reviveMixed(value: unknown, makeDecimal: (text: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => reviveMixed(item, makeDecimal));
  if (typeof value !== 'object' || value === null) return value;
  const { $: tag, v: inner } = value as { $: Tag | 'o'; v: unknown };
  if (tag !== 'o') return reviveTagged(inner, tag, makeDecimal);
  const object = inner as Record<string, unknown>;
  for (const name of Object.keys(object)) {
    const revived = reviveMixed(object[name], makeDecimal);
    Object.defineProperty(object, name, {
      value: revived,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

const CHUNK = 8192;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
