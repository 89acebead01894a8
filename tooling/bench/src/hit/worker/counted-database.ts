/** Milliseconds that a statement waits: time enough for every read of a burst to arrive. */
const WAIT_MS = 200;

/** A database whose statements are counted, and wait before they are sent. */
export function counted(): { readonly queries: number; over(database: D1Database): D1Database } {
  let queries = 0;
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(inner, {
      get(target, property) {
        if (property === 'bind') {
          return (...values: unknown[]) => statement(target.bind(...values));
        }
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]): Promise<unknown> => {
          queries += 1;
          await scheduler.wait(WAIT_MS);
          return Reflect.apply(method, target, given) as unknown;
        };
      },
    });
  return {
    get queries() {
      return queries;
    },
    over: (database) =>
      new Proxy(database, {
        get(target, property) {
          if (property === 'prepare') return (sql: string) => statement(target.prepare(sql));
          const method: unknown = Reflect.get(target, property);
          return typeof method === 'function' ? (method.bind(target) as unknown) : method;
        },
      }),
  };
}
