/// <reference lib="es2024.string" />
import { BoostError } from '../error.js';
import { base64 } from '../value/base64.js';
import { valueKind, type DecimalLike, type FieldReference } from '../value/value-kind.js';

/** Deeper than any argument that is meant; what is deeper holds itself. */
const MAX_DEPTH = 200;

/**
 * Arguments whose value may be a Json document. SQLite compares Json as text, where the order of properties counts: there it
 * is kept.
 */
const JSON_ARGUMENTS: ReadonlySet<string> = new Set([
  'equals',
  'not',
  'array_contains',
  'array_starts_with',
  'array_ends_with',
  'has',
  'hasEvery',
  'hasSome',
]);

/**
 * The text that stands for arguments in a key: equal for arguments that mean the same to Prisma, different for all others.
 *
 * Properties are sorted; `undefined` properties and `Prisma.skip` equal absent ones. Every part is a letter and a text whose
 * end is known (a length, a closing letter), so that no value can pose as another:
 *
 * ```
 * n  t  f  N(umber)text;  "length:text  I(bigint)text;  D(ecimal)text;  T(ime)ms;  B(ytes)base64;
 * d j a (DbNull JsonNull AnyNull)  R(eference)length:model length:field  [ … ]  { length:name value … }  ( … ) in given order
 * ```
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED` for what has no such text: functions, symbols, instances of other classes,
 *   invalid dates, ill-formed UTF-16, cycles
 */
export function canonicalText(value: unknown): string {
  return textOf(value, false, 0);
}

function textOf(value: unknown, ordered: boolean, depth: number): string {
  switch (typeof value) {
    case 'string':
      return `"${lengthPrefixed(value)}`;
    case 'number':
      return Object.is(value, -0) ? 'N-0;' : `N${value};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'bigint':
      return `I${String(value)};`;
    case 'object':
      if (value === null) return 'n';
      return objectText(value, ordered, depth);
    default:
      throw unsupported(`a ${typeof value}`);
  }
}

function objectText(value: object, ordered: boolean, depth: number): string {
  if (depth > MAX_DEPTH) throw unsupported(`nested deeper than ${MAX_DEPTH} levels, or in itself`);
  switch (valueKind(value)) {
    case 'array': {
      let text = '[';
      for (const element of value as readonly unknown[])
        text += textOf(element, ordered, depth + 1);
      return `${text}]`;
    }
    case 'object':
      return propertiesText(value as Readonly<Record<string, unknown>>, ordered, depth);
    case 'date': {
      const time = (value as Date).getTime();
      if (Number.isNaN(time)) throw unsupported('an invalid Date');
      return `T${time};`;
    }
    case 'decimal':
      return `D${(value as DecimalLike).toFixed()};`;
    case 'bytes':
      return `B${base64(value as ArrayBufferView)};`;
    case 'dbNull':
      return 'd';
    case 'jsonNull':
      return 'j';
    case 'anyNull':
      return 'a';
    case 'fieldRef': {
      const { modelName, name } = value as FieldReference;
      return `R${lengthPrefixed(modelName)}${lengthPrefixed(name)}`;
    }
    default:
      throw unsupported('an object of an unknown class');
  }
}

/** Enumerates as Prisma does when it copies and serialises arguments. */
function propertiesText(
  object: Readonly<Record<string, unknown>>,
  ordered: boolean,
  depth: number,
): string {
  const names: string[] = [];
  let sorted = true;
  let last = '';
  for (const name in object) {
    if (isAbsent(object[name])) continue;
    if (name < last) sorted = false;
    names.push(name);
    last = name;
  }
  if (!sorted && !ordered) names.sort();
  let text = ordered ? '(' : '{';
  for (const name of names) {
    const inOrder = ordered || JSON_ARGUMENTS.has(name);
    text += lengthPrefixed(name) + textOf(object[name], inOrder, depth + 1);
  }
  return text + (ordered ? ')' : '}');
}

function isAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && valueKind(value) === 'skip');
}

function lengthPrefixed(text: string): string {
  if (!text.isWellFormed()) throw unsupported('text with a lone surrogate');
  return `${text.length}:${text}`;
}

function unsupported(what: string): BoostError {
  return new BoostError(
    'BOOST_VALUE_UNSUPPORTED',
    `The arguments hold ${what}, which cannot be part of a cache key: the read is not cached.`,
  );
}
