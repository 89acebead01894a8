import { Decimal } from '@prisma/client/runtime/client';
import type { FieldInfo } from '../schema/metadata.ts';
import { liveValues, type Generator } from './context.ts';

const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(2024, 0, 1);
/** Few values, so that what writes touch is what reads show. Keys have more: rows need room beside each other. */
const PLAIN_VALUES = 3;
const KEY_VALUES = 8;

/** The usual values of a field. A key and what refers to it have the same. */
export function usualValues(field: FieldInfo): readonly unknown[] {
  if (field.kind === 'Enum') return field.values.slice(0, PLAIN_VALUES);
  const count = field.unique || field.foreign ? KEY_VALUES : PLAIN_VALUES;
  return Array.from({ length: count }, (_, index) => valueAt(field, index));
}

/** A value of the field, mostly a usual one. */
export function value(generator: Generator, field: FieldInfo): unknown {
  const { random } = generator;
  if (field.list) return Array.from({ length: random.int(0, 2) }, () => element(generator, field));
  return element(generator, field);
}

/** A value of a list's element, or of a field that is no list: a usual one, or one that some row has. */
export function element(generator: Generator, field: FieldInfo): unknown {
  const { random } = generator;
  if (!field.list && random.chance(0.4)) {
    const live = liveValues(generator, field);
    if (live.length > 0) return random.pick(live);
  }
  if (random.chance(0.04)) {
    const odd = oddValues(generator, field);
    if (odd.length > 0) return random.pick(odd);
  }
  const usual = random.pick(usualValues(field));
  return random.chance(0.15) ? respell(generator, field, usual) : usual;
}

/** A value that no row has yet, where the field's usual values leave one. */
export function freshValue(generator: Generator, field: FieldInfo): unknown {
  const live = new Set(liveValues(generator, field).map(String));
  const free = usualValues(field).filter((usual) => !live.has(String(usual)));
  return free.length === 0 ? value(generator, field) : generator.random.pick(free);
}

/** As `value`, sometimes null where the field can be. */
export function nullableValue(generator: Generator, field: FieldInfo, nulls = 0.25): unknown {
  if (!field.required && !field.list && field.kind !== 'Json' && generator.random.chance(nulls)) {
    return null;
  }
  return value(generator, field);
}

function valueAt(field: FieldInfo, index: number): unknown {
  const isKey = field.unique || field.foreign;
  switch (field.kind) {
    case 'String':
      return textAt(field, index, isKey);
    case 'Boolean':
      return index % 2 === 1;
    case 'Int':
      return isKey ? index + 1 : index;
    case 'BigInt':
      return BigInt(isKey ? index + 1 : index);
    case 'Float':
      return index * 0.5;
    case 'Decimal':
      return new Decimal(index).div(2);
    case 'DateTime':
      // Apart by less than a second too: native types that round make them equal.
      return new Date(EPOCH_MS + Math.floor(index / 2) * DAY_MS + (index % 2) * 300);
    case 'Json':
      return [{ a: 1 }, { a: { b: 'c' }, d: [1, 2] }, 'x', 2, true, [1, 'x']][index];
    case 'Bytes':
      return Uint8Array.from([index, 255]);
    case 'Enum':
      return field.values[index % field.values.length];
  }
}

function textAt(field: FieldInfo, index: number, isKey: boolean): string {
  const { native } = field;
  const length = Number(native?.args[0] ?? 64);
  switch (native?.name) {
    case 'Uuid':
      return `abcdef00-0000-4000-8000-00000000000${String(index + 1)}`;
    case 'Inet':
      return `10.0.0.${String(index + 1)}`;
    case 'Bit':
      return index
        .toString(2)
        .padStart(Number(native.args[0] ?? 1), '0')
        .slice(-Number(native.args[0] ?? 1));
    case 'VarBit':
      return index.toString(2);
    case 'Xml':
      return `<a>${String(index)}</a>`;
    default: {
      const text = isKey ? `k${String(index + 1)}` : ['a', 'b', 'Ab'][index % 3];
      return (text as string).slice(0, length);
    }
  }
}

/** Another text or object for what the database takes as the same value, or nearly so. */
function respell(generator: Generator, field: FieldInfo, usual: unknown): unknown {
  const { random } = generator;
  if (usual instanceof Date) {
    const iso = usual.toISOString();
    const shifted = new Date(usual.getTime() + 3_600_000).toISOString().replace('Z', '+01:00');
    return random.pick([iso, shifted]);
  }
  if (usual instanceof Decimal) {
    return random.pick<unknown>([`${usual.toFixed(2)}0`, usual.toNumber(), usual.toString()]);
  }
  if (typeof usual === 'bigint') return Number(usual);
  if (typeof usual === 'string' && field.kind === 'String') {
    const changed = random.pick([usual.toUpperCase(), `${usual} `, usual.toLowerCase()]);
    return field.native?.name === 'Uuid'
      ? random.pick([usual.toUpperCase(), usual.replaceAll('-', '')])
      : changed;
  }
  return usual;
}

function oddValues({ schema }: Generator, field: FieldInfo): readonly unknown[] {
  switch (field.kind) {
    case 'String':
      return field.native !== undefined && field.native.name !== 'Text'
        ? []
        : ['', '%', 'a_b', 'é', 'e\u0301', '😀', "o'k", '"', 'null', 'a,b', '}', '\\'];
    case 'Int':
      return [-1, 0, 2_147_483_647];
    case 'BigInt':
      return schema.provider === 'postgresql'
        ? [-1n, 9_007_199_254_740_993n]
        : [-1n, 9_007_199_254_740_991n];
    case 'Float':
      return [-0.5, -0, 1e10];
    case 'DateTime':
      return field.native === undefined ? [new Date(0), new Date(EPOCH_MS - 1)] : [];
    case 'Json':
      return [{}, [], '', { a: null }, { b: 1, a: 1 }];
    default:
      return [];
  }
}
