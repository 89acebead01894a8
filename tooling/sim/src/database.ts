import type { Args, Schema, WriteAction } from '@boost/core';
import type { Packages } from './build.ts';

export type Row = Record<string, unknown>;

/** null: explicitly none. undefined: the application has no tenants. */
export type Tenant = string | null | undefined;

const schemas = new WeakMap<Packages, Schema>();

/** Items in groups, as few as it takes: rows, a partition, and a relation. */
export function schemaOf(packages: Packages): Schema {
  let schema = schemas.get(packages);
  if (schema === undefined) {
    schema = packages.parseConfig({
      format: 1,
      schemaHash: 'simulated',
      provider: 'postgresql',
      relationMode: 'foreignKeys',
      models: {
        Group: 'm|id:I+ name:S|#id|items<Item.group[]|',
        Item: 'm|id:I+ value:S groupId:I?|#id|group>Group.items(groupId=id)LC?|',
      },
    });
    schemas.set(packages, schema);
  }
  return schema;
}

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

/** A row that a commit changed or removed. */
export interface ChangedRow {
  readonly model: string;
  /** Undefined when it was removed. */
  readonly row: Row | undefined;
  readonly id: number;
  /** Whose row it is; undefined for one that everybody sees. */
  readonly tenant: string | undefined;
}

export interface DatabaseTransaction {
  read: Database['read'];
  write: Database['write'];
  commit(): void;
  /** Also of one that has ended. */
  rollback(): void;
}

interface Stored {
  readonly row: Row;
  readonly tenant: string | undefined;
}

/**
 * Tables in memory. A statement is atomic; each that changes something is a commit. A tenant sees its own rows and those of nobody;
 * who has no tenant sees all.
 */
export class Database {
  #tables: Record<string, Map<number, Stored>> = { Group: new Map(), Item: new Map() };
  /** The transaction that has written: nobody else can until it ends. */
  #writer: Database | undefined;
  readonly #onCommit: (changed: readonly ChangedRow[]) => void;

  constructor(onCommit: (changed: readonly ChangedRow[]) => void) {
    this.#onCommit = onCommit;
  }

  read(model: string, action: string, args: Args, tenant?: Tenant): unknown {
    const rows = this.#matching(model, args['where'], tenant)
      .sort((a, b) => Number(a.row['id']) - Number(b.row['id']))
      .slice(0, (args['take'] as number | undefined) ?? Number.POSITIVE_INFINITY);
    if (action === 'count') return rows.length;
    if (action === 'findMany') return rows.map(({ row }) => this.#shown(model, row, args, tenant));
    const [first] = rows;
    return first === undefined ? null : this.#shown(model, first.row, args, tenant);
  }

  write(model: string, action: WriteAction, args: Args, tenant?: Tenant): unknown {
    if (this.#writer !== undefined) throw new DatabaseError('refused');
    const table = this.#table(model);
    const data = (args['data'] ?? {}) as Row;
    if (action === 'create') {
      const id = Number(data['id']);
      if (table.has(id)) throw new DatabaseError('refused');
      const stored = { row: { ...data }, tenant: tenant ?? undefined };
      table.set(id, stored);
      this.#onCommit([{ model, id, ...stored }]);
      return { ...data };
    }
    const found = this.#matching(model, args['where'], tenant);
    if ((action === 'update' || action === 'delete') && found.length === 0) {
      throw new NotFoundError();
    }
    const changed: ChangedRow[] = [];
    for (const { row, tenant: owner } of found) {
      const id = Number(row['id']);
      if (action.startsWith('delete')) table.delete(id);
      else Object.assign(row, data);
      changed.push({ model, id, row: table.get(id)?.row, tenant: owner });
    }
    if (changed.length > 0) this.#onCommit(changed);
    if (action.endsWith('AndReturn')) return found.map(({ row }) => ({ ...row }));
    if (action.endsWith('Many')) return { count: found.length };
    return { ...found[0]?.row };
  }

  /** An interactive transaction: others see what it did when it commits. */
  transaction(): DatabaseTransaction {
    const changed: ChangedRow[] = [];
    const own = new Database((rows) => void changed.push(...rows));
    let hasEnded = false;
    const enter = (): void => {
      const isOfOther = this.#writer !== undefined && this.#writer !== own;
      if (hasEnded || isOfOther) throw new DatabaseError('refused');
    };
    const end = (): void => {
      hasEnded = true;
      if (this.#writer === own) this.#writer = undefined;
    };
    return {
      read: (...asked) => (this.#writer === own ? own : this).read(...asked),
      write: (...asked) => {
        enter();
        if (this.#writer === undefined) own.#tables = copied(this.#tables);
        this.#writer = own;
        return own.write(...asked);
      },
      commit: () => {
        enter();
        const isWritten = this.#writer === own;
        end();
        if (!isWritten) return;
        this.#tables = own.#tables;
        if (changed.length > 0) this.#onCommit(changed);
      },
      rollback: end,
    };
  }

  #shown(model: string, row: Row, args: Args, tenant: Tenant): Row {
    const select = args['select'] as Row | undefined;
    const shown: Row = {};
    for (const [name, value] of Object.entries(row)) {
      if (select === undefined || select[name] === true) shown[name] = value;
    }
    const asked = { ...(args['include'] as Row), ...select };
    if (model !== 'Group' || asked['items'] === undefined) return shown;
    const items = this.read('Item', 'findMany', { where: { groupId: row['id'] } }, tenant);
    return { ...shown, items };
  }

  #matching(model: string, where: unknown, tenant: Tenant): Stored[] {
    const isVisible = ({ row, tenant: owner }: Stored): boolean =>
      (typeof tenant !== 'string' || owner === undefined || owner === tenant) &&
      matches(row, where);
    return [...this.#table(model).values()].filter(isVisible);
  }

  #table(model: string): Map<number, Stored> {
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

function copied(tables: Record<string, Map<number, Stored>>): Record<string, Map<number, Stored>> {
  return Object.fromEntries(
    Object.entries(tables).map(([model, rows]) => [
      model,
      new Map([...rows].map(([id, { row, tenant }]) => [id, { row: { ...row }, tenant }])),
    ]),
  );
}
