import type { Api, Meters } from './metered.ts';
import type { StoreCount } from './report.ts';

/** The statements that reached D1. */
export interface DatabaseCount {
  statements: number;
}

type Method = (...args: unknown[]) => unknown;

/** An object that behaves as `target`, but for the given methods. Workers' bindings insist on being their own `this`. */
function overriding<T extends object>(target: T, methods: Readonly<Record<string, Method>>): T {
  return new Proxy(target, {
    get(_, property) {
      const method = methods[String(property)];
      if (method !== undefined) return method;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** An API on D1 with its statements counted. */
export function countingStatements<Bindings extends { readonly DB: D1Database }>(
  api: Api<Bindings>,
  { database }: Pick<Meters, 'database'>,
): Api<Bindings> {
  return {
    fetch: (request, env, ctx) =>
      api.fetch(request, { ...env, DB: countedDatabase(env.DB, database) }, ctx),
  };
}

/** D1 with every statement that reaches it counted. */
function countedDatabase(database: D1Database, count: DatabaseCount): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();

  const statement = (original: D1PreparedStatement): D1PreparedStatement => {
    const run =
      (method: 'all' | 'first' | 'raw' | 'run'): Method =>
      (...args) => {
        count.statements += 1;
        return (original[method] as Method).apply(original, args);
      };
    const counted = overriding(original, {
      bind: (...values) => statement(original.bind(...values)),
      all: run('all'),
      first: run('first'),
      raw: run('raw'),
      run: run('run'),
    });
    originals.set(counted, original);
    return counted;
  };

  return overriding(database, {
    prepare: (query) => statement(database.prepare(query as string)),
    batch: (statements) => {
      const list = statements as D1PreparedStatement[];
      count.statements += list.length;
      return database.batch(list.map((counted) => originals.get(counted) ?? counted));
    },
    exec: (query) => {
      count.statements += 1;
      return database.exec(query as string);
    },
  });
}

/** KV with every operation counted as Cloudflare bills it. */
export function countedStore(store: KVNamespace, count: StoreCount): KVNamespace {
  const counting =
    (
      name: 'get' | 'getWithMetadata' | 'put' | 'delete' | 'list',
      add: (key: unknown) => void,
    ): Method =>
    (...args) => {
      add(args[0]);
      return (store[name] as Method).apply(store, args);
    };
  const read = (key: unknown): void => {
    count.reads += Array.isArray(key) ? key.length : 1;
  };
  return overriding(store, {
    get: counting('get', read),
    getWithMetadata: counting('getWithMetadata', read),
    put: counting('put', () => (count.writes += 1)),
    delete: counting('delete', () => (count.deletes += 1)),
    list: counting('list', () => (count.lists += 1)),
  });
}
