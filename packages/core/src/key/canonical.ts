/// <reference lib="es2024.string" />
import { BoostError } from '../error.js';
import { base64 } from '../value/base64.js';
import {
  isPlainObject,
  valueKind,
  type DecimalLike,
  type FieldReference,
} from '../value/value-kind.js';

/** Deeper than any argument that is meant; what is deeper holds itself. */
const MAX_DEPTH = 200;

/**
 * Arguments whose value may be a Json document. Databases that compare Json as text (SQLite) find other rows when the order
 * of properties is another: there it counts.
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
  return wellFormed(textOf(value, false, 0));
}

/**
 * The same for arguments just as they are given: properties are not sorted, ill-formed text is not refused. Equal texts mean
 * equal arguments, but not the other way round.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED`
 */
export function givenText(value: unknown): string {
  return textOf(value, true, 0);
}

/** A text and where it ends: what follows cannot be taken for a part of it. */
export function textPart(text: string): string {
  return `${text.length}:${text}`;
}

/**
 * Returns the text when it has UTF-8: no lone surrogates.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED`
 */
export function wellFormed(text: string): string {
  // Parts begin and end with ASCII: a surrogate that is alone in its part is alone in the whole.
  if (!text.isWellFormed()) throw unsupported('text with a lone surrogate');
  return text;
}

/** Empty for what equals absence. */
function textOf(value: unknown, ordered: boolean, depth: number): string {
  switch (typeof value) {
    case 'undefined':
      return '';
    case 'string':
      return `"${textPart(value)}`;
    case 'number':
      return value === 0 && Object.is(value, -0) ? 'N-0;' : `N${value};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'bigint':
      return `I${String(value)};`;
    case 'object':
      if (value === null) return 'n';
      if (depth > MAX_DEPTH) throw unsupported(`parts ${MAX_DEPTH} levels deep, or itself`);
      if (Array.isArray(value)) return listText(value, ordered, depth);
      if (isPlainObject(value)) return propertiesText(value, ordered, depth);
      return instanceText(value);
    default:
      throw unsupported(`a ${typeof value}`);
  }
}

function listText(list: readonly unknown[], ordered: boolean, depth: number): string {
  let text = '[';
  for (let index = 0; index < list.length; index++) {
    const part = textOf(list[index], ordered, depth + 1);
    if (part === '') throw unsupported('nothing (undefined or skip) in a list');
    text += part;
  }
  return `${text}]`;
}

function propertiesText(
  object: Readonly<Record<string, unknown>>,
  ordered: boolean,
  depth: number,
): string {
  const names = Object.keys(object);
  if (!ordered && names.length > 1) names.sort();
  let text = ordered ? '(' : '{';
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const part = textOf(object[name], ordered || JSON_ARGUMENTS.has(name), depth + 1);
    if (part !== '') text += textPart(name) + part;
  }
  return text + (ordered ? ')' : '}');
}

function instanceText(value: object): string {
  switch (valueKind(value)) {
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
      return `R${textPart(modelName)}${textPart(name)}`;
    }
    case 'skip':
      return '';
    default:
      throw unsupported('an object of an unknown class');
  }
}

function unsupported(what: string): BoostError {
  return new BoostError(
    'BOOST_VALUE_UNSUPPORTED',
    `The arguments hold ${what}, which cannot be part of a cache key: the read is not cached.`,
  );
}
