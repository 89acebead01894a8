import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
} from '@prisma/driver-adapter-utils';

/** What is cached: nothing, what the documentation says, or every read whatever it says. */
export type Caching = 'off' | 'documented' | 'everything';

export interface PretendedOptions {
  readonly caching: Caching;
  /** Told of each query that reaches the database outside of a transaction. */
  readonly onQuery: () => void;
}

/** Names that Hyperdrive's documentation lists as not cached, wherever they stand. */
const NOT_CACHED =
  /\b(?:NOW|TIMEOFDAY|RANDOM|LASTVAL|TXID_CURRENT)\(|\b(?:CURRENT_(?:TIMESTAMP|DATE|TIME)|LOCALTIME(?:STAMP)?)\b/i;

const answers = new Map<string, Promise<SqlResultSet>>();

/**
 * A database behind a cache as Hyperdrive's is documented. Miniflare's Hyperdrive has none.
 *
 * @see https://developers.cloudflare.com/hyperdrive/concepts/query-caching/
 */
export function behindHyperdrive(
  factory: SqlDriverAdapterFactory,
  options: PretendedOptions,
): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => cachingReads(await factory.connect(), options),
  };
}

function cachingReads(
  connection: SqlDriverAdapter,
  { caching, onQuery }: PretendedOptions,
): SqlDriverAdapter {
  const ask = (query: SqlQuery): Promise<SqlResultSet> => {
    onQuery();
    return connection.queryRaw(query);
  };
  const queryRaw = async (query: SqlQuery): Promise<SqlResultSet> => {
    const isRead = /^\s*SELECT\b/i.test(query.sql);
    const isRepeatable = caching === 'everything' || !NOT_CACHED.test(query.sql);
    if (caching === 'off' || !isRead || !isRepeatable) return ask(query);
    const key = JSON.stringify([query.sql, query.args]);
    const answer = answers.get(key) ?? ask(query);
    answers.set(key, answer);
    return structuredClone(await answer);
  };
  return new Proxy(connection, {
    get(target, property) {
      if (property === 'queryRaw') return queryRaw;
      const member: unknown = Reflect.get(target, property);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
