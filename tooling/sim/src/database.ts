import type { Args, Schema, WriteAction } from '@boost/core';
import { parseConfig } from '@boost/core';

export type Row = Record<string, unknown>;

/** Items in groups, as few as it takes: rows, a partition, and a relation. */
export const SCHEMA: Schema = parseConfig({
  format: 1,
  schemaHash: 'simulated',
  provider: 'postgresql',
  relationMode: 'foreignKeys',
  models: {
    Group: 'm|id:I+ name:S|#id|items<Item.group[]|',
    Item: 'm|id:I+ value:S groupId:I?|#id|group>Group.items(groupId=id)LC?|',
  },
});

/** The database refuses a statement, or its answer is lost. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: 'refused' | 'unknown';

  constructor(kind: 'refused' | 'unknown') {
    super(`the database: ${kind}`);
    this.kind = kind;
  }
}

/** No row has what `where` says. */
export class NotFoundError extends DatabaseError {
  constructor() {
    super('refused');
  }
}

/** Tables in memory. A statement is atomic; each that changes something is a commit. */
export class Database {
  readonly #tables: Record<string, Map<number, Row>> = { Group: new Map(), Item: new Map() };
  readonly #onCommit: () => void;

  constructor(onCommit: () => void) {
    this.#onCommit = onCommit;
  }

  read(model: string, action: string, args: Args): unknown {
    const rows = this.#matching(model, args['where'])
      .sort((a, b) => Number(a['id']) - Number(b['id']))
      .slice(0, (args['take'] as number | undefined) ?? Number.POSITIVE_INFINITY)
      .map((row) => this.#shown(model, row, args));
    if (action === 'count') return rows.length;
    return action === 'findMany' ? rows : (rows[0] ?? null);
  }

  write(model: string, action: WriteAction, args: Args): unknown {
    const table = this.#table(model);
    const data = (args['data'] ?? {}) as Row;
    if (action === 'create') {
      const id = Number(data['id']);
      if (table.has(id)) throw new DatabaseError('refused');
      table.set(id, { ...data });
      this.#onCommit();
      return { ...data };
    }
    const rows = this.#matching(model, args['where']);
    if ((action === 'update' || action === 'delete') && rows.length === 0)
      throw new NotFoundError();
    for (const row of rows) {
      if (action.startsWith('delete')) table.delete(Number(row['id']));
      else Object.assign(row, data);
    }
    if (rows.length > 0) this.#onCommit();
    if (action.endsWith('AndReturn')) return rows.map((row) => ({ ...row }));
    if (action.endsWith('Many')) return { count: rows.length };
    return { ...rows[0] };
  }

  #shown(model: string, row: Row, args: Args): Row {
    const asked = { ...(args['include'] as Row), ...(args['select'] as Row) };
    if (model !== 'Group' || asked['items'] === undefined) return { ...row };
    return { ...row, items: this.read('Item', 'findMany', { where: { groupId: row['id'] } }) };
  }

  #matching(model: string, where: unknown): Row[] {
    return [...this.#table(model).values()].filter((row) => matches(row, where));
  }

  #table(model: string): Map<number, Row> {
    const table = this.#tables[model];
    if (table === undefined) throw new TypeError(`There is no table ${model}.`);
    return table;
  }
}

function matches(row: Row, where: unknown): boolean {
  return Object.entries((where ?? {}) as Row).every(([name, wanted]) => {
    if (name === 'AND') return [wanted].flat().every((part) => matches(row, part));
    if (name === 'OR') return [wanted].flat().some((part) => matches(row, part));
    if (typeof wanted === 'object' && wanted !== null) {
      throw new TypeError(`The simulated database does not understand ${JSON.stringify(wanted)}.`);
    }
    return row[name] === wanted;
  });
}
