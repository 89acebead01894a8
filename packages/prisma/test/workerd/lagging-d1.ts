/** What the double does with each statement. */
export type Answered = 'primary' | 'replica';

interface Change {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const READ = /^\s*(SELECT|WITH)\b/i;

/** A copy, and how many changes it has. */
class Replica {
  applied = 0;
  readonly db: D1Database;

  constructor(db: D1Database) {
    this.db = db;
  }
}

/**
 * D1 with replicas that are behind until they are told to catch up, over real databases. As documented: without a session every
 * statement goes to the primary; in a session the first read goes where the constraint says, and none to a state older than the
 * bookmark; writes go to the primary; bookmarks sort from the oldest to the newest.
 *
 * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
 */
export class LaggingD1 {
  /** Of the reads, who answered. */
  readonly answered: Answered[] = [];
  readonly #primary: D1Database;
  readonly #replicas: readonly Replica[];
  readonly #changes: Change[] = [];
  /** The one that answers. */
  nearest = 0;

  constructor(primary: D1Database, replicas: readonly D1Database[]) {
    this.#primary = primary;
    this.#replicas = replicas.map((db) => new Replica(db));
  }

  get #near(): Replica {
    return this.#replicas[this.nearest] as Replica;
  }

  /** The nearest replica gets everything. */
  catchUp(): Promise<void> {
    return this.#catchUp(this.#near, this.#changes.length);
  }

  async #catchUp(replica: Replica, to: number): Promise<void> {
    while (replica.applied < to) {
      const { sql, values } = this.#changes[replica.applied] as Change;
      await replica.db
        .prepare(sql)
        .bind(...values)
        .run();
      replica.applied += 1;
    }
  }

  prepare(sql: string): D1PreparedStatement {
    return this.withSession('first-primary').prepare(sql);
  }

  exec(sql: string): Promise<D1ExecResult> {
    return this.#primary.exec(sql);
  }

  withSession(constraint = 'first-unconstrained'): D1DatabaseSession {
    let atLeast = constraint.startsWith('first-') ? 0 : positionOf(constraint);
    let mustBePrimary = constraint === 'first-primary';
    let bookmark: string | null = constraint.startsWith('first-') ? null : constraint;
    const place = async (change: Change): Promise<D1Database> => {
      if (!READ.test(change.sql)) {
        this.#changes.push(change);
        atLeast = this.#changes.length;
        bookmark = bookmarkOf(atLeast);
        return this.#primary;
      }
      if (mustBePrimary) {
        this.answered.push('primary');
        mustBePrimary = false;
        atLeast = this.#changes.length;
        bookmark = bookmarkOf(atLeast);
        return this.#primary;
      }
      this.answered.push('replica');
      const replica = this.#near;
      await this.#catchUp(replica, atLeast);
      atLeast = replica.applied;
      bookmark = bookmarkOf(atLeast);
      return replica.db;
    };
    const statement = (sql: string, values: readonly unknown[]): D1PreparedStatement => {
      const on = async (): Promise<D1PreparedStatement> =>
        (await place({ sql, values })).prepare(sql).bind(...values);
      return {
        bind: (...given: unknown[]) => statement(sql, given),
        all: async () => (await on()).all(),
        run: async () => (await on()).run(),
        first: async () => (await on()).first(),
        raw: async (options: { columnNames: true }) => (await on()).raw(options),
      } as unknown as D1PreparedStatement;
    };
    const session: unknown = {
      prepare: (sql: string) => statement(sql, []),
      batch: () => Promise.reject(new Error('the double plays no batches')),
      getBookmark: () => bookmark,
    };
    return session as D1DatabaseSession;
  }
}

/** @throws Error as D1 may, for what is no bookmark of its own, or one of the future */
function positionOf(bookmark: string): number {
  const position = Number.parseInt(bookmark.split('-')[0] ?? '', 16);
  if (Number.isNaN(position)) throw new Error('D1_ERROR: invalid bookmark');
  return position;
}

function bookmarkOf(position: number): string {
  return `${position.toString(16).padStart(8, '0')}-00000000-00000000-00000000000000000000000000000000`;
}
