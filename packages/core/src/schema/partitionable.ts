import type { Provider, ScalarField, Schema } from './schema.js';

type Normaliser = (value: unknown) => string | undefined;

const UUID = /^[0-9a-f]{32}$/;
const OBJECT_ID = /^[0-9a-f]{24}$/;
/** Providers whose `=` compares strings byte by byte under the collation that Prisma's migrations give. */
const EXACT_STRINGS: ReadonlySet<Provider> = new Set([
  'sqlite',
  'postgresql',
  'cockroachdb',
  'mongodb',
]);
/** Native types that neither pad, cut, round nor fold what they store. */
const PLAIN_NATIVE = new Set([
  'Text',
  'VarChar',
  'Integer',
  'Int',
  'Int4',
  'BigInt',
  'Int8',
  'SmallInt',
  'Int2',
  'Boolean',
  'Bool',
  'String',
]);

const normalisers = new WeakMap<ScalarField, Normaliser | null>();

/** Whether the database's equality of the field can be told from the values alone, so that a value names a partition. */
export function isPartitionable(schema: Pick<Schema, 'provider'>, field: ScalarField): boolean {
  return normaliser(schema, field) !== null;
}

/**
 * The text that stands for a value in a scope: equal exactly where the database finds the values equal.
 *
 * @returns undefined where the value cannot name a partition: of a type whose equality the database normalises, or no plain value
 */
export function partitionValue(
  schema: Pick<Schema, 'provider'>,
  field: ScalarField,
  value: unknown,
): string | undefined {
  if (value === undefined) return undefined;
  const normalise = normaliser(schema, field);
  if (normalise === null) return undefined;
  return value === null ? 'null' : normalise(value);
}

function normaliser(schema: Pick<Schema, 'provider'>, field: ScalarField): Normaliser | null {
  let known = normalisers.get(field);
  if (known === undefined) {
    known = chooseNormaliser(schema.provider, field);
    normalisers.set(field, known);
  }
  return known;
}

function chooseNormaliser(provider: Provider, field: ScalarField): Normaliser | null {
  if (field.list || !field.selectable) return null;
  const native = field.nativeType?.replace(/\(.*$/, '');
  if (native === 'Uuid') return field.type === 'String' ? uuid : null;
  if (native === 'ObjectId') return field.type === 'String' ? objectId : null;
  if (native !== undefined && !PLAIN_NATIVE.has(native)) return null;
  switch (field.type) {
    case 'String':
      return EXACT_STRINGS.has(provider) ? textUpTo(field.nativeType) : null;
    case 'Enum':
      return text;
    case 'Int':
    case 'BigInt':
      return integer;
    case 'Boolean':
      return (value) => (typeof value === 'boolean' ? String(value) : undefined);
    case 'DateTime':
      // PostgreSQL's default is timestamp(3), SQLite's and the others' text of a Date keeps milliseconds as well.
      return date;
    default:
      return null;
  }
}

/** Ill-formed UTF-16 has no text: what reaches the database in its place is the driver's choice. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && !LONE_SURROGATE.test(value)
    ? JSON.stringify(value)
    : undefined;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** PostgreSQL cuts blanks that do not fit into a `VarChar(n)`: what is longer is not stored as it was given. */
function textUpTo(native: string | undefined): Normaliser {
  const limit = Number(/\((\d+)\)$/.exec(native ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  return (value) => (typeof value === 'string' && value.length > limit ? undefined : text(value));
}

function uuid(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const digits = value.toLowerCase().replace(/^\{|\}$|-/g, '');
  return UUID.test(digits) ? `"${digits}"` : undefined;
}

function objectId(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const digits = value.toLowerCase();
  return OBJECT_ID.test(digits) ? `"${digits}"` : undefined;
}

/** The schema's text gives defaults of BigInt fields as decimal digits. */
function integer(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return /^-?[1-9]\d*$|^0$/.test(value) ? value : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? String(value === 0 ? 0 : value)
    : undefined;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|\+00:00)$/;

/** Prisma takes a Date or ISO 8601 text; a text of another zone or of less precision is left to the coarser scope. */
function date(value: unknown): string | undefined {
  const time =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'string' && INSTANT.test(value)
        ? Date.parse(value)
        : Number.NaN;
  return Number.isNaN(time) ? undefined : `@${String(time)}`;
}
