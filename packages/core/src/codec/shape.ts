import { BoostError } from '../error.js';
import { isPlainObject, valueKind } from '../value/value-kind.js';

/**
 * Where in a result the values stand that JSON cannot carry. Rows of a list share one shape, so that only the paths to such
 * values are walked when a result is read.
 *
 * - `0`: nothing at or below this path
 * - a tag: values of one kind, or `null`
 * - a list of one: the shape of every element, where the value is a list
 * - an object: shapes by property, where the value is an object
 */
export type Shape = 0 | Tag | readonly [Shape] | { readonly [name: string]: Shape };

/** Date, BigInt, Decimal, bytes, number of which some have no JSON text, or mixed: each value tells itself. */
export type Tag = 'd' | 'n' | 'c' | 'b' | 'f' | 'x';

/** `#`: numbers that JSON can carry; `0`: strings and booleans. */
type Leaf = '#' | 0 | Tag;

/** What was seen at a path, in all rows. */
interface Path {
  leaf: Leaf | undefined;
  /** Elements, where a list was seen. */
  elements: Path | undefined;
  /** By property, where an object was seen. */
  properties: Record<string, Path> | undefined;
}

/** V8's JSON gives up some thousand levels deep; Prisma's results are a few, Json documents some tens. */
const MAX_DEPTH = 500;

/**
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED` for a value that would not come back as it is: `undefined`, functions, symbols,
 *   invalid dates, instances of other classes
 */
export function shapeOf(result: unknown): Shape {
  const root = newPath();
  see(root, result, 0);
  return shapeOfPath(root);
}

/** Whether JSON has a text for the number. */
export function isJsonNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

/** The tag of a value that JSON cannot carry, `0` or `#` for one that it can, undefined for `null`, lists and plain objects. */
export function leafOf(value: unknown): Leaf | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 0;
    case 'number':
      return isJsonNumber(value) ? '#' : 'f';
    case 'bigint':
      return 'n';
    case 'object':
      if (value === null || Array.isArray(value) || isPlainObject(value)) return undefined;
      return tagOf(value);
    default:
      throw unsupported(`a value of type ${typeof value}`);
  }
}

/** Only exact instances: a subclass would come back as its base. */
function tagOf(value: object): Tag {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Date.prototype && !Number.isNaN((value as Date).getTime())) return 'd';
  if (prototype === Uint8Array.prototype) return 'b';
  if (valueKind(value) === 'decimal' && typeof value.valueOf() === 'string') return 'c';
  throw unsupported('an invalid Date or an instance of a class that Prisma does not return');
}

function newPath(): Path {
  return { leaf: undefined, elements: undefined, properties: undefined };
}

function see(path: Path, value: unknown, depth: number): void {
  if (typeof value !== 'object') {
    path.leaf = eitherLeaf(path.leaf, leafOf(value));
  } else if (value === null) {
    return;
  } else if (depth > MAX_DEPTH) {
    throw unsupported(`parts more than ${MAX_DEPTH} levels deep`);
  } else if (Array.isArray(value)) {
    path.elements ??= newPath();
    // By index: a hole must be seen, and refused.
    for (let index = 0; index < value.length; index++) see(path.elements, value[index], depth + 1);
  } else if (isPlainObject(value)) {
    if (Object.getPrototypeOf(value) === null) throw unsupported('an object without prototype');
    path.properties ??= Object.create(null) as Record<string, Path>;
    for (const name of Object.keys(value)) {
      see((path.properties[name] ??= newPath()), value[name], depth + 1);
    }
  } else {
    path.leaf = eitherLeaf(path.leaf, tagOf(value));
  }
}

function eitherLeaf(a: Leaf | undefined, b: Leaf | undefined): Leaf | undefined {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  if (isJson(a) && isJson(b)) return 0;
  // Beside numbers without a JSON text, those that have one stay numbers.
  return (a === 'f' && b === '#') || (a === '#' && b === 'f') ? 'f' : 'x';
}

function isJson(leaf: Leaf): boolean {
  return leaf === '#' || leaf === 0;
}

function shapeOfPath({ leaf, elements, properties }: Path): Shape {
  if (leaf !== undefined && leaf !== '#' && leaf !== 0) {
    return elements === undefined && properties === undefined ? leaf : 'x';
  }
  const inner = elements === undefined ? 0 : shapeOfPath(elements);
  const shapes = properties === undefined ? 0 : shapeOfProperties(properties);
  if (inner === 0) return shapes;
  return shapes === 0 ? [inner] : 'x';
}

function shapeOfProperties(properties: Readonly<Record<string, Path>>): Shape {
  const special: [string, Shape][] = [];
  for (const name of Object.keys(properties)) {
    const shape = shapeOfPath(properties[name] as Path);
    if (shape !== 0) special.push([name, shape]);
  }
  // Defines properties, so that `__proto__` becomes one too.
  return special.length === 0 ? 0 : Object.fromEntries(special);
}

function unsupported(what: string): BoostError {
  return new BoostError(
    'BOOST_VALUE_UNSUPPORTED',
    `The result holds ${what}, which would not come back from the cache as it is: it is not cached.`,
  );
}
