import { BoostError, ticketsIn } from '@boost/core';

/** What the driver adapter asks of a prepared statement, and more that a user may. */
interface D1Statement {
  bind(...values: unknown[]): D1Statement;
  first(column?: string): Promise<unknown>;
  all(): Promise<unknown>;
  run(): Promise<unknown>;
  raw(options?: { readonly columnNames?: boolean }): Promise<unknown>;
}

/** A session of D1: what it reads is no older than its bookmark. */
interface D1Lane {
  prepare(sql: string): D1Statement;
  batch(statements: readonly D1Statement[]): Promise<unknown>;
  getBookmark(): string | null;
}

/** What is used of a D1 binding. */
export interface D1Like {
  prepare(sql: string): unknown;
  withSession(constraint?: string): unknown;
  exec(sql: string): Promise<unknown>;
}

/** Reads of D1 by replicas, where that keeps every promise. */
export interface D1Reads {
  /** Runs a read that a replica may answer. */
  near<T>(run: () => Promise<T>): Promise<T>;
  /** Runs what has to be answered by the primary: whatever is stored, or has to be new. */
  fresh<T>(run: () => Promise<T>): Promise<T>;
  /** The session was shown something that D1 did not answer. */
  saw(): void;
  /** Somebody else has statements here whose caller cannot be told: from now on the primary answers all. */
  share(): void;
  /** Continues the session; empty where it has seen nothing. */
  ticket(): string;
}

const PREFIX = 'd1.';
/** The session has seen something of which no bookmark is known. */
const BEHIND = 'd1.p';
/** Those of D1 have 59 characters. */
const BOOKMARK = /^[0-9a-zA-Z-]{8,100}$/;

/** A write must not be tried twice. */
const READ = /^\s*SELECT\b/i;

const sessions = new WeakMap<object, Lanes>();

/**
 * D1 with read replication, for `new PrismaD1(…)` and `session: { d1 }` of the extension: reads that go past the cache because you say
 * so (`cacheStrategy: false`, `enabled: false`, a model with `cache: false`) are answered by the nearest replica that is as new as
 * what the session has written and seen. Everything else asks the primary, above all what is stored in the cache, which a replica
 * that is behind would fill with what a write has just made wrong.
 *
 * ```ts
 * const ticket = readTicket(request);
 * const db = createD1Session(env.DB, ticket);
 * const prisma = new PrismaClient({ adapter: new PrismaD1(db) }).$extends(
 *   createCacheExtension({ ...options, session: { ...(ticket && { ticket }), d1: db } }),
 * );
 * ```
 *
 * @param db - the binding; it is left as it is
 * @param ticket - what `readTicket` found in the request: `$session.ticket()` carries the bookmark. One that is damaged or forged
 *   makes its bearer ask the primary
 * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
 * @throws BoostError `BOOST_OPTION_INVALID` for what is no D1 binding, or has no `withSession`
 */
export function createD1Session<Database extends D1Like>(db: Database, ticket?: string): Database {
  const given: unknown = db;
  const isBinding =
    typeof given === 'object' &&
    given !== null &&
    ['prepare', 'withSession'].every((name) => typeof Reflect.get(given, name) === 'function');
  if (!isBinding) {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      'createD1Session was given no D1 binding that has `withSession`: give env.DB, with a compatibility date of 2025 or later',
      { details: { option: 'db' } },
    );
  }
  const lanes = new Lanes(db, ticket);
  const session = new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => new Statement(lanes, sql, []);
      if (name === 'batch') return (statements: readonly unknown[]) => lanes.batch(statements);
      if (name === 'exec') return (sql: string) => lanes.exec(sql);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  sessions.set(session, lanes);
  return session;
}

/** @throws BoostError `BOOST_OPTION_INVALID` for what `createD1Session` did not make */
export function d1ReadsOf(session: object): D1Reads {
  const lanes = sessions.get(session);
  if (lanes !== undefined) return lanes.claimed();
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    'session.d1 was not made by createD1Session: give what it returned, to PrismaD1 as well',
    { details: { option: 'session.d1' } },
  );
}

/** Decides, statement by statement, whether a replica may answer. */
class Lanes implements D1Reads {
  readonly #db: D1Like;
  /** The newest state that is known of what the session has written or been shown; null for none. */
  #bookmark: string | null = null;
  /** Whether the bookmark is what a ticket says, and may be forged. */
  #isClaimed = false;
  /** By the counter, when the session last saw something that may be newer than the bookmark; 0 for never. */
  #behindSince = 0;
  #tick = 0;
  #near = 0;
  #fresh = 0;
  #clients = 0;

  constructor(db: D1Like, ticket: string | undefined) {
    this.#db = db;
    if (ticket === undefined || ticket === '') return;
    const own = ticketsIn(ticket).filter((text) => text.startsWith(PREFIX));
    const bookmarks = own.map((text) => text.slice(PREFIX.length));
    if (own.length === 0 || !bookmarks.every((text) => BOOKMARK.test(text))) this.saw();
    else {
      this.#bookmark = latest(bookmarks);
      this.#isClaimed = true;
    }
  }

  /** A second client would fill its cache beside the reads of the first. */
  claimed(): this {
    this.#clients += 1;
    return this;
  }

  share(): void {
    this.#clients = Number.POSITIVE_INFINITY;
  }

  async near<T>(run: () => Promise<T>): Promise<T> {
    this.#near += 1;
    try {
      return await run();
    } finally {
      this.#near -= 1;
    }
  }

  async fresh<T>(run: () => Promise<T>): Promise<T> {
    this.#fresh += 1;
    try {
      return await run();
    } finally {
      this.#fresh -= 1;
    }
  }

  saw(): void {
    this.#tick += 1;
    this.#behindSince = this.#tick;
  }

  ticket(): string {
    if (this.#behindSince > 0) return BEHIND;
    return this.#bookmark === null ? '' : `${PREFIX}${this.#bookmark}`;
  }

  async run<T>(sql: string, ask: (lane: D1Lane) => Promise<T>): Promise<T> {
    // Statements do not say whose they are: one that has to be fresh makes all of that time so.
    const isNear = this.#near > 0 && this.#fresh === 0 && this.#behindSince === 0;
    if (!isNear || this.#clients !== 1 || !READ.test(sql)) return this.#askPrimary(ask);
    try {
      const lane = this.#lane(this.#bookmark ?? 'first-unconstrained');
      const answer = await ask(lane);
      if (!this.#learn(lane.getBookmark())) this.saw();
      return answer;
    } catch {
      // A replica that fails, or a bookmark that is none: the primary tells what is wrong with the statement, if it is that.
      return this.#askPrimary(ask);
    }
  }

  batch(statements: readonly unknown[]): Promise<unknown> {
    return this.#askPrimary((lane) =>
      lane.batch(statements.map((one) => (one instanceof Statement ? one.on(lane) : foreign(one)))),
    );
  }

  /** D1 has no `exec` in sessions. */
  async exec(sql: string): Promise<unknown> {
    try {
      return await this.#db.exec(sql);
    } finally {
      this.saw();
    }
  }

  async #askPrimary<T>(ask: (lane: D1Lane) => Promise<T>): Promise<T> {
    this.#tick += 1;
    const began = this.#tick;
    const lane = this.#lane('first-primary');
    try {
      const answer = await ask(lane);
      // The primary is as new as any bookmark that is true.
      if (this.#isClaimed) this.#bookmark = null;
      this.#isClaimed = false;
      if (!this.#learn(lane.getBookmark())) this.saw();
      else if (began > this.#behindSince) this.#behindSince = 0;
      return answer;
    } catch (error) {
      // It may have been done.
      this.saw();
      throw error;
    }
  }

  #lane(constraint: string): D1Lane {
    return this.#db.withSession(constraint) as D1Lane;
  }

  /** @returns false when it tells nothing */
  #learn(bookmark: string | null): boolean {
    if (bookmark === null || !BOOKMARK.test(bookmark)) return false;
    this.#bookmark = this.#bookmark === null ? bookmark : latest([this.#bookmark, bookmark]);
    return true;
  }
}

/** A statement that is prepared when it is known who answers it. */
class Statement implements D1Statement {
  readonly #lanes: Lanes;
  readonly #sql: string;
  readonly #values: readonly unknown[];

  constructor(lanes: Lanes, sql: string, values: readonly unknown[]) {
    this.#lanes = lanes;
    this.#sql = sql;
    this.#values = values;
  }

  bind(...values: unknown[]): D1Statement {
    return new Statement(this.#lanes, this.#sql, values);
  }

  first(...column: [string?]): Promise<unknown> {
    return this.#lanes.run(this.#sql, (lane) => this.on(lane).first(...column));
  }

  all(): Promise<unknown> {
    return this.#lanes.run(this.#sql, (lane) => this.on(lane).all());
  }

  run(): Promise<unknown> {
    return this.#lanes.run(this.#sql, (lane) => this.on(lane).run());
  }

  raw(...options: [{ readonly columnNames?: boolean }?]): Promise<unknown> {
    return this.#lanes.run(this.#sql, (lane) => this.on(lane).raw(...options));
  }

  on(lane: D1Lane): D1Statement {
    const statement = lane.prepare(this.#sql);
    return this.#values.length === 0 ? statement : statement.bind(...this.#values);
  }
}

function foreign(statement: unknown): D1Statement {
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    'A batch of createD1Session holds a statement that another object prepared: prepare all of them with the session',
    { details: { statement: typeof statement } },
  );
}

/** Bookmarks sort from the oldest to the newest. */
function latest(bookmarks: readonly string[]): string {
  return bookmarks.reduce((a, b) => (a < b ? b : a));
}
