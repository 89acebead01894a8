import type {
  Args,
  CacheAdapter,
  CallContext,
  Consistency,
  Engine,
  ReadOutcome,
  Session,
  TransactionScope,
} from '@boost/core';
import type { CoordinatorNamespace, ShardingOptions } from '@boost/coordinator';
import type { Packages } from '../build.ts';
import {
  DatabaseError,
  NotFoundError,
  schemaOf,
  type Database,
  type DatabaseTransaction,
  type Row,
  type Tenant,
} from '../database.ts';
import type { Request } from '../isolate.ts';
import type { Read, Write } from '../operations.ts';
import { ownerOf, tenantName } from './operations.ts';
import type { Operation, Server } from './server.ts';
import type { Settings } from './settings.ts';

export interface ClientOptions {
  readonly packages: Packages;
  readonly request: Request;
  readonly namespace: CoordinatorNamespace;
  readonly shards: number;
  /** Version of the groups of models; 0: none. */
  readonly modelGroups: number;
  readonly adapter: CacheAdapter;
  readonly database: Database;
  readonly server: Server;
  readonly settings: Settings;
  readonly tenant: Tenant;
  readonly ticket: string | undefined;
  readonly log: (tell: () => string) => void;
}

/** The production engine with the production authority, as a request has it. */
export class Client {
  readonly session: Session;
  /** Of the last write: whether others may never hear of it. */
  isIncomplete = false;
  readonly #engine: Engine;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    const { packages, request, namespace, adapter, settings, ticket, log } = options;
    this.#options = options;
    const { usesStrong, allowUnfenced, maxStalenessMs, rpcTimeoutMs } = settings;
    const colo = settings.sharesRelays ? String(request.isolate.colo) : undefined;
    const sharedModels = settings.isShared ? ['Group'] : [];
    this.#engine = packages.createEngine({
      ports: request.ports,
      schema: schemaOf(packages),
      adapter,
      authority: packages.coordinatorAuthority({
        namespace,
        sharding: shardingOf(options, settings, colo),
        usesStrong,
        maxStalenessMs,
        timeoutMs: rpcTimeoutMs,
        isShared: (model) => sharedModels.includes(model),
        ...(allowUnfenced === undefined ? {} : { allowUnfenced }),
      }),
      tier: 'pro',
      version: 'v1',
      sharedModels,
      transactions: settings.transactions,
      defaultTTL: settings.ttlSeconds,
      defaultSWR: settings.swrSeconds,
      writeDeadline: settings.deadlineMs,
      coalesceTimeout: settings.coalesceMs,
      makeDecimal: (text) => text,
      classifyFailure: (error) => (error instanceof DatabaseError ? error.kind : 'unknown'),
      onInvalidate: (_, { incomplete, scopes }) => {
        this.isIncomplete ||= incomplete;
        log(() => `bumped ${scopes.join(' ')}${incomplete ? ', incomplete' : ''}`);
      },
      onError: (error, operation) => log(() => `${operation}: ${String(error)}`),
    });
    this.session = this.#engine.session(ticket);
  }

  read({ model, action, args }: Read, consistency: Consistency): Promise<ReadOutcome> {
    const { request, server, database, tenant } = this.#options;
    return this.#engine.read({
      operation: { model, action, args },
      strategy: {},
      consistency,
      context: this.#context,
      execute: (sent) => server.ask(request, () => database.read(model, action, sent, tenant)),
    });
  }

  write(write: Write, operation: Operation): Promise<unknown> {
    this.isIncomplete = false;
    return this.#write(write, operation, this.#options.database);
  }

  /** Several writes, and whether they are to be kept; as the extension does it that watches the client's transactions. */
  async transact(writes: readonly Write[], operation: Operation, isKept: boolean): Promise<void> {
    const { request, server, settings } = this.#options;
    this.isIncomplete = false;
    const scope = this.#engine.transaction(this.#context);
    const transaction = this.#transaction(operation);
    const end = (statement: () => void): Promise<void> =>
      settings.transactions === 'none'
        ? Promise.resolve()
        : server.change(request, operation, statement);
    try {
      for (const write of writes) await this.#write(write, operation, transaction, scope);
      if (!isKept) throw new DatabaseError('refused');
    } catch (error) {
      await end(() => {
        transaction.rollback();
      }).then(
        () => scope.rolledBack(),
        () => scope.unknown(),
      );
      throw error;
    }
    try {
      await end(() => {
        transaction.commit();
      });
    } catch (error) {
      await scope.unknown();
      throw error;
    }
    await scope.committed();
  }

  /** Where there are no transactions, the database itself. */
  #transaction(operation: Operation): DatabaseTransaction {
    const { database, server, settings } = this.#options;
    if (settings.transactions === 'interactive') {
      const transaction = database.transaction();
      // The database ends what takes too long.
      server.atLimit(operation, () => {
        transaction.rollback();
      });
      return transaction;
    }
    return {
      read: (...asked) => database.read(...asked),
      write: (...asked) => database.write(...asked),
      commit: () => undefined,
      rollback: () => undefined,
    };
  }

  #write(
    { model, action, args }: Write,
    operation: Operation,
    database: Pick<Database, 'read' | 'write'>,
    transaction?: TransactionScope,
  ): Promise<unknown> {
    const { request, server, tenant, settings } = this.#options;
    const created = args['data'] as { readonly id?: number } | undefined;
    const owner = tenant ?? ownerOf(created?.id ?? 1, settings);
    const whose = action === 'create' ? owner : tenant;
    const read = (target: string, sent: Args): Row[] =>
      database.read(target, 'findMany', sent, tenant) as Row[];
    return this.#engine.write({
      operation: { model, action, args },
      context: this.#context,
      ...(transaction === undefined ? {} : { transaction }),
      runner: {
        run: (sent, sentArgs) =>
          server.change(request, operation, () => database.write(model, sent, sentArgs, whose)),
        isNotFound: (error) => error instanceof NotFoundError,
        images: {
          findMany: (target, sent) => server.look(request, () => read(target, sent)),
        },
      },
    });
  }

  get #context(): CallContext {
    return { tenant: this.#options.tenant, user: undefined, session: this.session };
  }
}

/** By version. */
const GROUPS: Readonly<Record<number, readonly (readonly string[])[]>> = {
  1: [['Item']],
  2: [['Item'], ['Group']],
  3: [['Group', 'Item']],
};

function shardingOf(
  { shards, modelGroups: version }: Pick<ClientOptions, 'shards' | 'modelGroups'>,
  { tenants }: Settings,
  colo?: string,
): ShardingOptions {
  const names = Array.from({ length: tenants }, (_, index) => tenantName(index));
  const groups = GROUPS[version];
  const wanted = groups === undefined ? undefined : { version, groups };
  return {
    defaultShards: shards,
    publicShards: shards,
    tenantShards: Object.fromEntries(names.map((name) => [name, shards])),
    ...(wanted === undefined
      ? {}
      : {
          defaultGroups: wanted,
          publicGroups: wanted,
          tenantGroups: Object.fromEntries(names.map((name) => [name, wanted])),
        }),
    ...(colo === undefined ? {} : { colo }),
  };
}
