import { BoostError } from '../error.js';
import { decimalText, nullEnumName, valueKind } from '../value/kind.js';

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
/** Deeper arguments than this are a cycle, or as good as one. */
const MAX_DEPTH = 64;

/**
 * The canonical text of arguments: equal exactly where Prisma would do the same with them. Insensitive to the order of
 * properties; a property that is `undefined` or `Prisma.skip` is as good as absent; everything else that differs in type or
 * value differs in text.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED` for text that is not well-formed UTF-16, functions, symbols, foreign classes, cycles
 */
export function canonicalText(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `n${String(value)}`;
    default:
  }
  if (value === null) return 'null';
  if (depth > MAX_DEPTH) throw unsupported('nested too deep, or in a cycle');
  switch (valueKind(value)) {
    case 'array':
      return `[${(value as unknown[]).map((item) => write(item, depth + 1)).join()}]`;
    case 'object':
      return writeObject(value as Record<string, unknown>, depth);
    case 'date':
      return `d${String((value as Date).getTime())}`;
    case 'bytes':
      return `b"${hex(value as Uint8Array)}"`;
    case 'decimal':
      return `c${decimalText(value)}`;
    case 'nullEnum':
      return `e${nullEnumName(value)}`;
    case 'fieldRef': {
      const { modelName, name } = value as { modelName: string; name: string };
      return `f${text(modelName)}${text(name)}`;
    }
    case 'undefined':
      return 'u';
    default:
      throw unsupported(`of a kind that has no canonical text (${typeof value})`);
  }
}

function writeObject(value: Record<string, unknown>, depth: number): string {
  const names = Object.keys(value);
  if (names.length > 1) names.sort();
  let out = '{';
  for (const name of names) {
    const property = value[name];
    if (property === undefined) continue;
    if (typeof property === 'object' && property !== null && valueKind(property) === 'skip')
      continue;
    out += `${out.length > 1 ? ',' : ''}${text(name)}:${write(property, depth + 1)}`;
  }
  return `${out}}`;
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw unsupported('text that is not well-formed UTF-16');
  return JSON.stringify(value);
}

function hex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

function unsupported(what: string): BoostError {
  return new BoostError(
    'BOOST_VALUE_UNSUPPORTED',
    `An argument is ${what}: the read is not cached. Give Prisma's own value types.`,
  );
}
