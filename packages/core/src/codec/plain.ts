import { base64 } from '../value/base64.js';
import { isPlainObject } from '../value/value-kind.js';
import { isJsonNumber, leafOf, type Shape, type Tag } from './shape.js';

/** The value with everything that its shape names replaced by what JSON can carry. Shares with it what stays the same. */
export function toPlain(value: unknown, shape: Shape): unknown {
  if (shape === 0 || value === null) return value;
  if (typeof shape === 'string') return shape === 'x' ? toTold(value) : toCarried(value, shape);
  if (typeof value !== 'object') return value;
  if (Array.isArray(shape)) {
    const inner = (shape as readonly [Shape])[0];
    return Array.isArray(value) ? value.map((item) => toPlain(item, inner)) : value;
  }
  if (Array.isArray(value)) return value;
  const shapes = shape as Readonly<Record<string, Shape>>;
  const copy: Record<string, unknown> = { ...value };
  // Assigning to an own `__proto__` of the copy is like assigning to any other property.
  for (const name of Object.keys(shapes)) {
    if (Object.hasOwn(copy, name)) copy[name] = toPlain(copy[name], shapes[name] as Shape);
  }
  return copy;
}

function toCarried(value: unknown, tag: Tag): unknown {
  switch (tag) {
    case 'd':
      return (value as Date).getTime();
    case 'b':
      return base64(value as Uint8Array);
    case 'n':
      return String(value);
    case 'f': {
      const number = value as number;
      if (isJsonNumber(number)) return number;
      return Object.is(number, -0) ? '-0' : String(number);
    }
    default:
      return (value as object).valueOf();
  }
}

/** Lists as `['l', …]`, objects as `['o', …]`, values that JSON cannot carry as `[tag, …]`, all others as they are. */
function toTold(value: unknown): unknown {
  if (Array.isArray(value)) return ['l', value.map(toTold)];
  if (isPlainObject(value)) {
    const copy: Record<string, unknown> = { ...value };
    for (const name of Object.keys(copy)) copy[name] = toTold(copy[name]);
    return ['o', copy];
  }
  const leaf = leafOf(value);
  return typeof leaf !== 'string' || leaf === '#' ? value : [leaf, toCarried(value, leaf)];
}
