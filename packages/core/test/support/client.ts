import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import { createEngine } from '../../src/engine/create-engine.js';
import type {
  CacheStrategy,
  Engine,
  InvalidateTarget,
  ReadOutcome,
  TransactionScope,
} from '../../src/engine/engine.js';
import type { EngineEvent } from '../../src/engine/events.js';
import type { EngineOptions } from '../../src/engine/options.js';
import type { Consistency, Session } from '../../src/epoch/authority.js';
import type { Args, ReadAction, WriteAction } from '../../src/plan/plan.js';
import { DatabaseError, shop, type Database } from './database.js';
import type { Surroundings } from './surroundings.js';

export interface ClientOptions extends Partial<EngineOptions> {
  readonly surroundings: Surroundings;
  readonly database: Database;
  readonly tenant?: string | null;
  readonly user?: string;
  readonly ticket?: string;
}

export interface ReadOptions {
  readonly strategy?: CacheStrategy | false;
  readonly consistency?: Consistency;
  readonly bypass?: string;
}

/** A cached client of the toy database: an engine with one session, and what its hooks were told. */
export class Client {
  readonly engine: Engine;
  readonly session: Session;
  readonly events: EngineEvent[] = [];
  readonly errors: { readonly error: unknown; readonly operation: string }[] = [];
  readonly invalidated: { readonly model: string; readonly incomplete: boolean }[] = [];
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    const { surroundings, database: _, tenant: __, user: ___, ticket, ...given } = options;
    this.#options = options;
    this.engine = createEngine({
      ports: surroundings.ports,
      schema: shop,
      adapter: createMemoryAdapter({ clock: surroundings.ports.clock }),
      version: 'v1',
      makeDecimal: (text) => text,
      classifyFailure: (error) => (error instanceof DatabaseError ? error.kind : 'unknown'),
      onEvent: (event) => this.events.push(event),
      onError: (error, operation) => this.errors.push({ error, operation }),
      onInvalidate: (model, { incomplete }) => this.invalidated.push({ model, incomplete }),
      ...given,
    });
    this.session = this.engine.session(ticket);
  }

  read(
    model: string,
    action: ReadAction,
    args: Args = {},
    options: ReadOptions = {},
  ): Promise<ReadOutcome> {
    const { strategy = {}, ...rest } = options;
    return this.engine.read({
      operation: { model, action, args },
      strategy,
      context: this.#context,
      execute: (sent) => this.#options.database.read(model, action, sent),
      ...rest,
    });
  }

  /** The result and how it was come by, in short. */
  async get(
    model: string,
    action: ReadAction,
    args: Args = {},
    options: ReadOptions = {},
  ): Promise<readonly [status: string, result: unknown]> {
    const { result, info } = await this.read(model, action, args, options);
    return [info.status, result];
  }

  post(id: number, options: ReadOptions = {}): Promise<readonly [string, unknown]> {
    return this.get('Post', 'findUnique', { where: { id } }, options);
  }

  write(
    model: string,
    action: WriteAction,
    args: Args,
    transaction?: TransactionScope,
  ): Promise<unknown> {
    const { database } = this.#options;
    return this.engine.write({
      operation: { model, action, args },
      context: this.#context,
      ...(transaction === undefined ? {} : { transaction }),
      runner: {
        run: (sent, sentArgs) => database.write(model, sent, sentArgs),
        isNotFound: () => false,
        images: {
          findMany: async (target, sentArgs) =>
            (await database.read(target, 'findMany', sentArgs)) as Record<string, unknown>[],
        },
      },
    });
  }

  retitle(id: number, title: string, transaction?: TransactionScope): Promise<unknown> {
    return this.write('Post', 'update', { where: { id }, data: { title } }, transaction);
  }

  raw(text: string, run: () => Promise<unknown>, transaction?: TransactionScope): Promise<unknown> {
    const context = this.#context;
    const scope = transaction === undefined ? {} : { transaction };
    return this.engine.raw({ text, context, run, ...scope });
  }

  async invalidate(target: InvalidateTarget, transaction?: TransactionScope): Promise<void> {
    await this.engine.invalidate(target, this.#context, transaction);
  }

  transaction(): TransactionScope {
    return this.engine.transaction(this.#context);
  }

  get #context(): {
    readonly tenant: string | null | undefined;
    readonly user: string | undefined;
    readonly session: Session;
  } {
    const { tenant, user } = this.#options;
    return { tenant, user, session: this.session };
  }
}
