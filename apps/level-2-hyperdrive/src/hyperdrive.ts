import type { SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';

/**
 * Hyperdrive caches what it takes for a repeatable read, by default for a minute, and looks for the names of functions that
 * are not repeatable in the whole text of a statement, comments included.
 *
 * @see https://developers.cloudflare.com/hyperdrive/concepts/query-caching/
 */
const NOT_REPEATABLE = '/* for Hyperdrive: NOW() */';

/**
 * Asks for when this very statement began. Two answers that are equal are one answer, given twice. It names no function by
 * which Hyperdrive would leave it alone.
 */
const SELF = `SELECT "query_start"::text FROM "pg_stat_activity" WHERE "state" = 'active' AND "query" LIKE '%boost-self%' ORDER BY "query_start" DESC LIMIT 1`;

/** A driver adapter whose statements are all marked as not repeatable: what it reads comes from the database. */
export function uncached(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => marking(await factory.connect()),
  };
}

/**
 * Whether a statement is answered without the database. Asks twice.
 *
 * @param factory - as the client has it, marks included
 */
export async function isCached(factory: SqlDriverAdapterFactory): Promise<boolean> {
  const connection = await factory.connect();
  try {
    const ask = async (): Promise<unknown> =>
      (await connection.queryRaw({ sql: SELF, args: [], argTypes: [] })).rows[0]?.[0];
    const first = await ask();
    return first !== undefined && first === (await ask());
  } finally {
    await connection.dispose();
  }
}

const QUERIES: readonly PropertyKey[] = ['queryRaw', 'executeRaw'];

/** A connection, or a transaction of it, whose statements are marked. */
function marking<T extends object>(connection: T): T {
  return new Proxy(connection, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      const call = member.bind(target) as (...args: unknown[]) => unknown;
      if (QUERIES.includes(property)) return (query: SqlQuery) => call(marked(query));
      if (property !== 'startTransaction') return call;
      return async (...args: unknown[]) => marking((await call(...args)) as object);
    },
  });
}

function marked(query: SqlQuery): SqlQuery {
  return { ...query, sql: `${query.sql} ${NOT_REPEATABLE}` };
}
