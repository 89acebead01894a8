/**
 * What a value is to Prisma. `object` is a plain object (arguments, a row, a Json value); `unsupported` is what Prisma takes in
 * no argument and returns in no result, or what cannot be told apart safely: functions, symbols, instances of other classes.
 */
export type ValueKind =
  | 'undefined'
  | 'null'
  | 'boolean'
  | 'number'
  | 'string'
  | 'bigint'
  | 'date'
  | 'bytes'
  | 'decimal'
  | 'dbNull'
  | 'jsonNull'
  | 'anyNull'
  | 'fieldRef'
  | 'skip'
  | 'array'
  | 'object'
  | 'unsupported';

/** `decimal.js`, and what Prisma takes for one in arguments. `toFixed` is what Prisma sends to the database. */
export interface DecimalLike {
  toFixed(): string;
  /** Exact, the sign of zero and special values included; only of a real `decimal.js`. */
  valueOf(): unknown;
}

/** A column that a filter compares with: `prisma.post.fields.likes`. */
export interface FieldReference {
  readonly modelName: string;
  readonly name: string;
}

/**
 * Tells Prisma's values apart by their structure: no class of Prisma is imported, since each generated client may bring its
 * own copy of them. Holds for Prisma 6 and 7 and both generators.
 */
export function valueKind(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
    case 'bigint':
      return typeof value as ValueKind;
    case 'object':
      break;
    default:
      return 'unsupported';
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return isPlainObject(value) ? 'object' : instanceKind(value as Readonly<Record<string, unknown>>);
}

/** Whether `value` is an object of named parts (arguments, a row, Json), as opposed to an array or a value of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    // The `Object.prototype` of another realm.
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'valueOf'))
  );
}

function instanceKind(value: Readonly<Record<string, unknown>>): ValueKind {
  if (value instanceof Date || Object.prototype.toString.call(value) === '[object Date]') {
    return 'date';
  }
  if (ArrayBuffer.isView(value)) return 'bytes';
  if (isDecimalInstance(value)) return 'decimal';
  if (typeof value['_getNamespace'] === 'function') return nullKind(value);
  if (
    typeof value['_toGraphQLInputType'] === 'function' &&
    typeof value['modelName'] === 'string' &&
    typeof value['name'] === 'string'
  ) {
    return 'fieldRef';
  }
  if (typeof value['ifUndefined'] === 'function' && Object.keys(value).length === 0) return 'skip';
  return 'unsupported';
}

/** As Prisma decides it: the mark of `decimal.js`, or its fields. */
function isDecimalInstance(value: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof value['toFixed'] === 'function' &&
    (value['toStringTag'] === '[object Decimal]' ||
      (typeof value['s'] === 'number' &&
        typeof value['e'] === 'number' &&
        Array.isArray(value['d'])))
  );
}

/** The text is that of Prisma's one instance of each; another instance of the class, which Prisma refuses, has another text. */
function nullKind(value: { toString(): string }): ValueKind {
  switch (value.toString()) {
    case 'Prisma.DbNull':
      return 'dbNull';
    case 'Prisma.JsonNull':
      return 'jsonNull';
    case 'Prisma.AnyNull':
      return 'anyNull';
    default:
      return 'unsupported';
  }
}
