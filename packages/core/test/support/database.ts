import type { Args, ReadAction, WriteAction } from '../../src/plan/plan.js';
import { parseConfig } from '../../src/schema/parse.js';
import type { Schema } from '../../src/schema/schema.js';
import { deferred, type Deferred } from './surroundings.js';

/**
 * Posts of users, with comments that go with their post; countries, in which regions lie, and that every tenant shares.
 */
export const shop: Schema = parseConfig({
  format: 1,
  schemaHash: 'shop',
  provider: 'postgresql',
  relationMode: 'foreignKeys',
  models: {
    User: 'm|id:I+ name:S|#id|posts<Post.author[]|',
    Post: 'm@posts|id:I+ title:S authorId:I?|#id|author>User.posts(authorId=id)LC? comments<Comment.post[]|',
    Comment: 'm|id:I+ text:S postId:I|#id|post>Post.comments(postId=id)CC|',
    Country: 'm|id:I+ name:S|#id|regions<Region.country[] zones*Zone.countries:_CountryToZone:A|',
    Region: 'm|id:I+ name:S countryId:I|#id|country>Country.regions(countryId=id)CC|',
    Zone: 'm|id:I+ name:S|#id|countries*Country.zones:_CountryToZone:B|',
    _CountryToZone: 'j|A:I B:I|#A_B=A,B||+A +B',
  },
});

export type Row = Record<string, unknown>;

export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: 'untouched' | 'refused' | 'unknown';

  constructor(kind: 'untouched' | 'refused' | 'unknown') {
    super(`the database says: ${kind}`);
    this.kind = kind;
  }
}

/** What a test does to the next statement. */
export interface Hold {
  /** The statement has read, or written, what it reads or writes; its answer waits. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Tables in memory that understand equality, and a cascade from posts to comments. */
export class Database {
  readonly tables: Map<string, Map<unknown, Row>> = new Map();
  readonly log: string[] = [];
  readonly #holds: { readonly reached: Deferred; readonly go: Deferred }[] = [];
  #failure: { readonly error: Error; readonly when: 'before' | 'after' } | undefined;

  reads(): number {
    return this.log.filter((line) => line.startsWith('read')).length;
  }

  insert(model: string, row: Row): void {
    this.#table(model).set(row['id'], row);
  }

  /** Holds back the answer of the next statement. */
  holdNext(): Hold {
    const hold = { reached: deferred(), go: deferred() };
    this.#holds.push(hold);
    return { reached: hold.reached.promise, release: () => hold.go.resolve() };
  }

  /** The next statement fails: before it has done anything, or after it has done everything. */
  failNext(error: Error, when: 'before' | 'after' = 'before'): void {
    this.#failure = { error, when };
  }

  async read(model: string, action: ReadAction, args: Args): Promise<unknown> {
    this.log.push(`read ${model}.${action}`);
    const rows = structuredClone(this.#matching(model, args['where']));
    this.#failIfTold('before');
    await this.#answer();
    if (action === 'count') return rows.length;
    return action === 'findMany' ? rows : (rows[0] ?? null);
  }

  async write(model: string, action: WriteAction, args: Args): Promise<unknown> {
    this.log.push(`write ${model}.${action}`);
    this.#failIfTold('before');
    const result = structuredClone(this.#apply(model, action, args));
    await this.#answer();
    return result;
  }

  async #answer(): Promise<void> {
    const hold = this.#holds.shift();
    hold?.reached.resolve();
    await hold?.go.promise;
    this.#failIfTold('after');
  }

  #failIfTold(when: 'before' | 'after'): void {
    const failure = this.#failure;
    if (failure?.when !== when) return;
    this.#failure = undefined;
    throw failure.error;
  }

  #apply(model: string, action: WriteAction, args: Args): unknown {
    const data = (args['data'] ?? {}) as Row;
    if (action === 'create') {
      this.insert(model, { ...data });
      return data;
    }
    const rows = this.#matching(model, args['where']);
    for (const row of rows) {
      if (action === 'delete' || action === 'deleteMany') this.#remove(model, row);
      else Object.assign(row, data);
    }
    return action.endsWith('Many') ? { count: rows.length } : rows[0];
  }

  #remove(model: string, row: Row): void {
    this.#table(model).delete(row['id']);
    if (model !== 'Post') return;
    for (const comment of this.#matching('Comment', { postId: row['id'] })) {
      this.#remove('Comment', comment);
    }
  }

  #matching(model: string, where: unknown): Row[] {
    const wanted = Object.entries((where ?? {}) as Row);
    return [...this.#table(model).values()].filter((row) =>
      wanted.every(([name, value]) => row[name] === value),
    );
  }

  #table(model: string): Map<unknown, Row> {
    let table = this.tables.get(model);
    if (table === undefined) {
      table = new Map();
      this.tables.set(model, table);
    }
    return table;
  }
}
