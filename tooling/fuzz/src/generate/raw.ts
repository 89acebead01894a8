import { Decimal } from '@prisma/client/runtime/client';
import { fieldOf, type FieldInfo, type ModelInfo } from '../schema/metadata.ts';
import type { Generator } from './context.ts';
import { element } from './value.ts';
import { liveRow } from './where.ts';

/** A raw statement that writes. */
export interface RawWrite {
  readonly sql: string;
  /** Sent through `$queryRaw`, since it returns rows. */
  readonly returning: boolean;
}

/** Types that can be written as a literal without more. */
const LITERALS = ['String', 'Int', 'Boolean', 'BigInt'];

/** An INSERT, UPDATE or DELETE in the database's own words. */
export function rawWrite(generator: Generator): RawWrite {
  const { random } = generator;
  const model = random.pick(generator.focus);
  const plain = model.fields.filter(
    ({ kind, list, native }) => LITERALS.includes(kind) && !list && native === undefined,
  );
  const [keyName = ''] = model.identifier.fields;
  const key = fieldOf(model, keyName);
  const row = liveRow(generator, model);
  const value = row?.[keyName] ?? element(generator, key);
  const where = LITERALS.includes(key.kind)
    ? ` WHERE ${column(key)} = ${literal(generator, value)}`
    : '';
  const returning = random.chance(0.2);
  const tail = returning ? ` RETURNING ${column(key)}` : '';
  const kind = random.weighted({ update: plain.length > 0 ? 5 : 0, delete: 2, insert: 2 });
  switch (kind) {
    case 'update': {
      const field = random.pick(plain);
      const set = `${column(field)} = ${literal(generator, element(generator, field))}`;
      return { sql: `UPDATE ${table(generator, model)} SET ${set}${where}${tail}`, returning };
    }
    case 'delete':
      return { sql: `DELETE FROM ${table(generator, model)}${where}${tail}`, returning };
    case 'insert': {
      const fields = model.fields.filter((field) => !field.optional || plain.includes(field));
      const names = fields.map(column).join(', ');
      const values = fields
        .map((field) => literal(generator, valueOf(generator, field)))
        .join(', ');
      return {
        sql: `INSERT INTO ${table(generator, model)} (${names}) VALUES (${values})${tail}`,
        returning,
      };
    }
  }
}

/** JSON goes in as its text. */
function valueOf(generator: Generator, field: FieldInfo): unknown {
  const value = element(generator, field);
  return field.kind === 'Json' ? JSON.stringify(value) : value;
}

function table({ random }: Generator, model: ModelInfo): string {
  // As people write it: quoted or, where nothing speaks against it, bare.
  const bare = /^[a-z_]+$/.test(model.table) && random.chance(0.5);
  return bare ? model.table : `"${model.table}"`;
}

function column({ column: name }: FieldInfo): string {
  return `"${name}"`;
}

function literal({ schema }: Generator, value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Decimal.isDecimal(value)) return value.toFixed();
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex');
    return schema.provider === 'postgresql' ? `'\\x${hex}'` : `X'${hex}'`;
  }
  return `'${textOf(value).replaceAll("'", "''")}'`;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
