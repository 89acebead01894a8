import { deferred } from './deferred.js';

type Hook = (sql: string) => unknown;

/** What a driver adapter and its transactions run statements with. */
const RUNS: ReadonlySet<unknown> = new Set(['queryRaw', 'executeRaw']);
/** What gives another object that runs statements. */
const OPENS: ReadonlySet<unknown> = new Set(['connect', 'startTransaction']);

/** Sees, counts and holds up the statements of a client at its driver adapter, the same for every database. */
export class Statements {
  /** Awaited before each statement is sent. */
  before: Hook = () => undefined;
  /** Awaited when the database has answered, before the client hears of it. */
  after: Hook = () => undefined;
  #count = 0;

  /** How many were sent since the last call. */
  sent(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  /** Holds the answer of the first statement that matches; `reached` when it waits. */
  hold(matches: (sql: string) => boolean): { readonly reached: Promise<void>; release(): void } {
    const reached = deferred();
    const released = deferred();
    this.after = async (sql) => {
      if (!matches(sql)) return;
      this.after = () => undefined;
      reached.resolve();
      await released.promise;
    };
    return { reached: reached.promise, release: () => released.resolve() };
  }

  /** The driver adapter, observed. */
  observe<Adapter extends object>(adapter: Adapter): Adapter {
    return new Proxy(adapter, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
        if (OPENS.has(name)) {
          return async (...args: unknown[]) => this.observe((await call(...args)) as object);
        }
        if (!RUNS.has(name)) return call;
        return async (query: { readonly sql: string }) => {
          this.#count += 1;
          await this.before(query.sql);
          const result = await call(query);
          await this.after(query.sql);
          return result;
        };
      },
    });
  }
}

/** Whether a statement reads the table. */
export function readsFrom(table: string): (sql: string) => boolean {
  return (sql) => /^\s*select\b/i.test(sql) && sql.includes(table);
}

/** Whether a statement writes the table. */
export function writesTo(table: string): (sql: string) => boolean {
  return (sql) => /^\s*(insert|update|delete)\b/i.test(sql) && sql.includes(table);
}
