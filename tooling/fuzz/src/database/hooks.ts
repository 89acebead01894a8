import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQueryable,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type { StatementHook } from './database.ts';

export interface Hooks {
  /** Runs before each statement; the statement waits for it. */
  readonly before?: StatementHook;
  /** False: every statement commits by itself, as on D1, whose adapter's commit and rollback are empty. @defaultValue true */
  readonly transactions?: boolean;
}

/** The same driver adapter with something happening before each statement, or without transactions. */
export function hooked(factory: SqlDriverAdapterFactory, hooks: Hooks): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    // By its name Prisma, and whoever extends it, knows that there are no transactions.
    adapterName: hooks.transactions === false ? '@prisma/adapter-d1' : factory.adapterName,
    connect: async () => hookedAdapter(await factory.connect(), hooks),
  };
}

type Queries = Pick<SqlQueryable, 'provider' | 'adapterName' | 'queryRaw' | 'executeRaw'>;

function hookedQueries(queryable: SqlQueryable, { before }: Hooks): Queries {
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    async queryRaw(query): Promise<SqlResultSet> {
      await before?.();
      return queryable.queryRaw(query);
    },
    async executeRaw(query): Promise<number> {
      await before?.();
      return queryable.executeRaw(query);
    },
  };
}

function hookedAdapter(adapter: SqlDriverAdapter, hooks: Hooks): SqlDriverAdapter {
  const queries = hookedQueries(adapter, hooks);
  const connectionInfo = adapter.getConnectionInfo?.bind(adapter);
  return {
    ...queries,
    executeScript: (script) => adapter.executeScript(script),
    dispose: () => adapter.dispose(),
    ...(connectionInfo === undefined ? {} : { getConnectionInfo: connectionInfo }),
    async startTransaction(isolationLevel): Promise<Transaction> {
      if (hooks.transactions === false) return autocommit(queries);
      return hookedTransaction(await adapter.startTransaction(isolationLevel), hooks);
    },
  };
}

function hookedTransaction(transaction: Transaction, hooks: Hooks): Transaction {
  const savepoint = transaction.createSavepoint?.bind(transaction);
  const rollbackTo = transaction.rollbackToSavepoint?.bind(transaction);
  const release = transaction.releaseSavepoint?.bind(transaction);
  return {
    ...hookedQueries(transaction, hooks),
    options: transaction.options,
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    ...(savepoint === undefined ? {} : { createSavepoint: savepoint }),
    ...(rollbackTo === undefined ? {} : { rollbackToSavepoint: rollbackTo }),
    ...(release === undefined ? {} : { releaseSavepoint: release }),
  };
}

function autocommit(queries: Queries): Transaction {
  return {
    ...queries,
    options: { usePhantomQuery: true },
    commit: () => Promise.resolve(),
    rollback: () => Promise.resolve(),
  };
}
