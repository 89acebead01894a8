import { isDeepStrictEqual } from 'node:util';
import type { Args, Model, Operation, ReadOperation, Schema, WriteOperation } from '@boost/core';
import { isRecord, matches, order } from './filter.ts';

export type Row = Readonly<Record<string, unknown>>;

/**
 * The database in memory: answers the operations of the workload as Prisma does, and tells what each answer was read from and
 * what each write touched. Knows nothing of scopes. The real client is compared with it in every run (`validate.ts`).
 *
 * A *stamp* is a row (`Story:7`), the rows with a value (`Comment{storyId=7}`), or a table (`Story`). What an answer depends on
 * is the stamps that were asked for: without a write to one of them, asking again takes the same path to the same answer.
 */
export class Tables {
  readonly schema: Schema;
  /** Called for each stamp that a read looks at. */
  onRead: (stamp: string) => void = () => undefined;
  /** Called for each stamp that a write changes. */
  onWrite: (stamp: string) => void = () => undefined;
  readonly #rows = new Map<string, Map<number, Row>>();
  readonly #indexes = new Map<string, Map<unknown, Set<number>>>();
  readonly #lastId = new Map<string, number>();

  constructor(schema: Schema) {
    this.schema = schema;
    for (const name of schema.modelNames) {
      this.#rows.set(name, new Map());
      for (const field of indexed(schema.model(name)))
        this.#indexes.set(`${name}.${field}`, new Map());
    }
  }

  all(model: string): readonly Row[] {
    return [...this.#table(model).values()];
  }

  row(model: string, id: number): Row {
    const row = this.#table(model).get(id);
    if (row === undefined) throw new RangeError(`no ${model} ${String(id)}`);
    return row;
  }

  read({ model, action, args }: ReadOperation | Operation): unknown {
    const found = this.#find(this.schema.model(model), args);
    switch (action) {
      case 'count':
        return found.length;
      case 'findMany':
        return found.map((row) => this.#project(this.schema.model(model), row, args));
      case 'findUnique':
      case 'findFirst': {
        const [row] = found;
        return row === undefined ? null : this.#project(this.schema.model(model), row, args);
      }
      default:
        throw new RangeError(`the workload does not read by ${action}`);
    }
  }

  write({ model: name, action, args }: WriteOperation): unknown {
    const model = this.schema.model(name);
    const data = args['data'];
    if (!isRecord(data)) throw new RangeError('a write without data');
    if (action === 'create') return this.#project(model, this.insert(name, data), args);
    if (action !== 'update') throw new RangeError(`the workload does not write by ${action}`);
    const [before] = this.#find(model, { where: args['where'] });
    if (before === undefined) throw new RangeError('no row to update');
    const after = { ...before };
    for (const [field, value] of Object.entries(data)) {
      after[field] = isRecord(value) ? Number(before[field]) + Number(value['increment']) : value;
    }
    this.#put(model, before, after);
    return this.#project(model, after, args);
  }

  insert(name: string, data: Args): Row {
    const model = this.schema.model(name);
    const id = (this.#lastId.get(name) ?? 0) + 1;
    this.#lastId.set(name, id);
    const row: Record<string, unknown> = { id };
    for (const field of model.scalars) {
      if (field.name === 'id') continue;
      const missing = field.default.kind === 'static' ? field.default.value : null;
      row[field.name] = data[field.name] ?? missing;
    }
    this.#put(model, undefined, row);
    for (const relation of model.relations) {
      const nested = data[relation.name];
      if (!isRecord(nested) || !Array.isArray(nested['create'])) continue;
      for (const child of nested['create'] as Args[]) {
        this.insert(relation.target, { ...child, [relation.references[0] as string]: id });
      }
    }
    return row;
  }

  #put(model: Model, before: Row | undefined, after: Row): void {
    const id = Number(after['id']);
    this.#table(model.name).set(id, after);
    this.onWrite(model.name);
    this.onWrite(`${model.name}:${String(id)}`);
    for (const field of indexed(model)) {
      if (before !== undefined && isDeepStrictEqual(before[field], after[field])) continue;
      const index = this.#index(model.name, field);
      if (before !== undefined) {
        index.get(before[field])?.delete(id);
        this.onWrite(`${model.name}{${field}=${String(before[field])}`);
      }
      const ids = index.get(after[field]) ?? new Set();
      index.set(after[field], ids.add(id));
      this.onWrite(`${model.name}{${field}=${String(after[field])}`);
    }
  }

  /** The rows that match, in the order asked for, cut to `take`. */
  #find(model: Model, args: Args): readonly Row[] {
    const where = isRecord(args['where']) ? args['where'] : {};
    const rows = this.#candidates(model, where).filter((row) => matches(model, row, where));
    const sorted = order(rows, args['orderBy']);
    const take = args['take'];
    return typeof take === 'number' ? sorted.slice(0, take) : sorted;
  }

  #candidates(model: Model, where: Args): readonly Row[] {
    const table = this.#table(model.name);
    const byId = valuesOf(where['id']);
    if (byId !== undefined) return this.#look(model, byId as number[]);
    for (const field of indexed(model)) {
      const values = valuesOf(where[field]);
      if (values === undefined) continue;
      const ids = values.flatMap((value) => {
        this.onRead(`${model.name}{${field}=${String(value)}`);
        return [...(this.#index(model.name, field).get(value) ?? [])];
      });
      return this.#look(model, ids);
    }
    this.onRead(model.name);
    return [...table.values()];
  }

  #look(model: Model, ids: readonly number[]): readonly Row[] {
    return ids.flatMap((id) => {
      this.onRead(`${model.name}:${String(id)}`);
      const row = this.#table(model.name).get(id);
      return row === undefined ? [] : [row];
    });
  }

  #project(model: Model, row: Row, args: Args): Record<string, unknown> {
    if (args['omit'] !== undefined) throw new RangeError('the workload does not omit');
    const select = args['select'];
    const picked = isRecord(select) ? select : isRecord(args['include']) ? args['include'] : {};
    const out: Record<string, unknown> = isRecord(select) ? {} : { ...row };
    for (const [name, wanted] of Object.entries(picked)) {
      if (wanted !== true && !isRecord(wanted)) continue;
      const field = model.fields.get(name);
      if (field === undefined) throw new RangeError(`no field ${model.name}.${name}`);
      if (field.kind === 'scalar') {
        out[name] = row[name];
        continue;
      }
      const nested = wanted === true ? {} : wanted;
      const given = isRecord(nested['where']) ? nested['where'] : {};
      const key = { [field.references[0] as string]: row[field.fields[0] as string] };
      const target = this.schema.model(field.target);
      const rows = this.#find(target, { ...nested, where: { ...given, ...key } });
      const shown = rows.map((child) => this.#project(target, child, nested));
      out[name] = field.list ? shown : (shown[0] ?? null);
    }
    return out;
  }

  #table(model: string): Map<number, Row> {
    const table = this.#rows.get(model);
    if (table === undefined) throw new RangeError(`no model ${model}`);
    return table;
  }

  #index(model: string, field: string): Map<unknown, Set<number>> {
    const index = this.#indexes.get(`${model}.${field}`);
    if (index === undefined) throw new RangeError(`no index on ${model}.${field}`);
    return index;
  }
}

/** Foreign keys and single unique fields. */
function indexed(model: Model): readonly string[] {
  const keys = model.relations.filter(({ side }) => side === 'key').flatMap(({ fields }) => fields);
  const uniques = model.uniques.filter(({ fields }) => fields.length === 1);
  return [...keys, ...uniques.flatMap(({ fields }) => fields)].filter((field) => field !== 'id');
}

function valuesOf(filter: unknown): readonly unknown[] | undefined {
  if (filter === undefined) return undefined;
  if (!isRecord(filter)) return [filter];
  return Array.isArray(filter['in']) ? (filter['in'] as unknown[]) : undefined;
}
