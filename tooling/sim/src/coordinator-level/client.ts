import type {
  Args,
  CacheAdapter,
  CallContext,
  Consistency,
  Engine,
  ReadOutcome,
  Session,
} from '@boost/core';
import type { CoordinatorNamespace } from '@boost/coordinator';
import type { Packages } from '../build.ts';
import {
  DatabaseError,
  NotFoundError,
  schemaOf,
  type Database,
  type Row,
  type Tenant,
} from '../database.ts';
import type { Request } from '../isolate.ts';
import type { Read, Write } from '../operations.ts';
import type { Operation, Server } from './server.ts';
import type { Settings } from './settings.ts';

export interface ClientOptions {
  readonly packages: Packages;
  readonly request: Request;
  readonly namespace: CoordinatorNamespace;
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
    const sharedModels = settings.isShared ? ['Group'] : [];
    this.#engine = packages.createEngine({
      ports: request.ports,
      schema: schemaOf(packages),
      adapter,
      authority: packages.coordinatorAuthority({
        namespace,
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

  write(
    { model, action, args }: Write,
    operation: Operation,
    owner: string | undefined,
  ): Promise<unknown> {
    const { request, server, database, tenant } = this.#options;
    this.isIncomplete = false;
    const whose = action === 'create' ? owner : tenant;
    const read = (target: string, sent: Args): Row[] =>
      database.read(target, 'findMany', sent, tenant) as Row[];
    return this.#engine.write({
      operation: { model, action, args },
      context: this.#context,
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
