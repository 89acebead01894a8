/** The kinds of value that Prisma takes in arguments and gives in results. */
export type ValueKind =
  | 'null'
  | 'undefined'
  | 'boolean'
  | 'number'
  | 'string'
  | 'bigint'
  | 'date'
  | 'bytes'
  | 'decimal'
  /** `DbNull`, `JsonNull`, `AnyNull`. */
  | 'nullEnum'
  /** `prisma.post.fields.title`. */
  | 'fieldRef'
  /** `Prisma.skip`: as if the property were not there. */
  | 'skip'
  | 'array'
  | 'object'
  | 'unknown';

/** Tells a value's kind by its structure: Prisma's classes exist once per version and bundle, so no import can tell it. */
export function valueKind(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return typeof value as ValueKind;
    case 'object':
      return value === null ? 'null' : objectKind(value);
    default:
      return 'unknown';
  }
}

function objectKind(value: object): ValueKind {
  if (Array.isArray(value)) return 'array';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return 'object';
  if (value instanceof Date) return 'date';
  if (value instanceof Uint8Array) return 'bytes';
  if (isDecimal(value)) return 'decimal';
  if ('_getName' in value || /^Prisma\.\w+Null$/.test(toText(value))) return 'nullEnum';
  if ('modelName' in value && 'typeName' in value && 'name' in value) return 'fieldRef';
  // Prisma.skip is the one instance of a class without properties; its name does not survive bundling.
  return Object.getOwnPropertyNames(value).length === 0 ? 'skip' : 'unknown';
}

/** Decimal.js and what Prisma accepts in its place. */
function isDecimal(value: object): boolean {
  return (
    'd' in value && Array.isArray(value.d) && 'e' in value && 's' in value && 'toFixed' in value
  );
}

function toText(value: object): string {
  const { toString } = value as { toString?: unknown };
  return typeof toString === 'function' ? String(toString.call(value)) : '';
}

/** The exact digits of a Decimal, without exponent. */
export function decimalText(value: unknown): string {
  return (value as { toFixed(): string }).toFixed();
}

/** `DbNull`, `JsonNull` or `AnyNull`. */
export function nullEnumName(value: unknown): string {
  return toText(value as object).replace(/^.*\./, '');
}
