import { coordinatorAuthority } from '@boost/coordinator';
import {
  BoostError,
  createEngine,
  sharedModels as sharedModelsOf,
  TICKET_SEPARATOR,
  type Args,
  type AuthoritySource,
  type Consistency,
  type Engine,
  type Ports,
  type Schema,
  type Session,
} from '@boost/core';
import { consistencyOf, usesStrong } from './consistency.js';
import { d1ReadsOf, type D1Reads } from './d1-session.js';
import { effectiveArgs } from './effective-args.js';
import { Failures } from './failures.js';
import { hasUndefined } from './has-undefined.js';
import { findDecimal } from './internal/decimal.js';
import {
  globalOmitOf,
  hook,
  isTransactionless,
  refusesUndefined,
  type ExtensionState,
  type GlobalOmit,
  type MadeOperation,
  type OperationOrigin,
  type PrismaClientLike,
  type Transaction,
} from './internal/prisma-internals.js';
import type { CacheExtensionOptions } from './options.js';
import { createPorts } from './ports.js';
import {
  captureContext,
  operationContext,
  type CapturedContext,
  type OperationContext,
} from './private-context.js';
import type { ResolvedOptions } from './resolve-options.js';
import { withInfoMethods } from './cache-info.js';
import { ClientFamily } from './client-family.js';
import { createTelemetry, type Telemetry } from './telemetry.js';
import type { ScopeOfTransaction } from './transaction-observer.js';

/** One extended client and those extended from it: an engine, a session, and what Prisma's client tells about itself. */
export class CacheClient implements ExtensionState {
  readonly given: CacheExtensionOptions;
  readonly options: ResolvedOptions;
  readonly schema: Schema;
  readonly engine: Engine;
  readonly session: Session;
  /** Reads of D1 by replicas; undefined where there are none. */
  readonly d1: D1Reads | undefined;
  readonly #ports: Ports;
  readonly #telemetry: Telemetry;
  readonly failures: Failures = new Failures();
  readonly #refusesUndefined: boolean;
  readonly #parent: PrismaClientLike;
  readonly #omit: GlobalOmit | undefined;
  readonly #isTransactionless: boolean;
  readonly #family: ClientFamily;
  #makeDecimal: ((text: string) => unknown) | undefined;

  /** @throws BoostError `BOOST_PRISMA_UNSUPPORTED`, `BOOST_OPTION_INVALID`, `BOOST_MODEL_UNKNOWN` */
  constructor(
    parent: PrismaClientLike,
    given: CacheExtensionOptions,
    options: ResolvedOptions,
    schema: Schema,
  ) {
    this.given = given;
    this.options = options;
    this.schema = schema;
    this.#parent = parent;
    this.#omit = globalOmitOf(parent);
    this.#isTransactionless = isTransactionless(parent);
    this.#refusesUndefined = refusesUndefined(parent);
    this.#ports = createPorts(given);
    this.#telemetry = createTelemetry(given, this.#ports);
    this.engine = this.#createEngine();
    this.session = this.engine.session(given.session?.ticket);
    this.d1 = given.session?.d1 === undefined ? undefined : d1ReadsOf(given.session.d1);
    this.#family = hook(parent, () => new ClientFamily());
    this.#family.add(this);
  }

  /** Continues the session, with what D1 needs to know where it has replicas. */
  ticket(): string {
    const tickets = [this.session.ticket(), this.d1?.ticket() ?? ''];
    return tickets.filter((text) => text !== '').join(TICKET_SEPARATOR);
  }

  get store(): object {
    const { adapter } = this.given;
    return adapter.identity ?? adapter;
  }

  captureContext(): CapturedContext {
    return captureContext(this.given.getPrivateContext);
  }

  /** See `InfoPromise`. */
  decorate(promise: Promise<unknown>, action: string | undefined, made: MadeOperation): void {
    withInfoMethods(promise, action, made);
  }

  /** The context of an operation: what was captured when it was made, where that could be seen. */
  contextOf(origin: OperationOrigin | undefined): OperationContext {
    const captured = origin?.captured(this);
    const context =
      captured === undefined ? this.captureContext() : (captured.value as CapturedContext);
    return operationContext(context, this.session);
  }

  /** See `effectiveArgs`. */
  effectiveArgs(origin: OperationOrigin, model: string, args: Args): Args | null {
    return effectiveArgs({ schema: this.schema, omit: this.#omit, origin }, model, args);
  }

  /** Whether Prisma refuses the arguments for what is undefined in them, and has to see them as the caller wrote them. */
  refuses(args: Args): boolean {
    return this.#refusesUndefined && hasUndefined(args);
  }

  /** What the options say of a read's freshness, where they say something. */
  consistencyOf(model: string, args: Args): Consistency | undefined {
    return consistencyOf(this.given, this.schema, model, args);
  }

  /** What collects the invalidations of the transaction that an operation belongs to. */
  collector(
    transaction: Transaction | undefined,
    { call }: OperationContext,
  ): ScopeOfTransaction | undefined {
    if (transaction?.kind !== 'itx' || this.#isTransactionless) return undefined;
    return this.#family.transactions.scope(transaction.id, this.engine, () =>
      this.engine.transaction(call),
    );
  }

  /** The monthly budget is spent: no read is answered from the cache or stored, while writes go on invalidating. */
  get isSpent(): boolean {
    return this.#telemetry.budgetLevel === 'off';
  }

  /** Waits for what was started in the background, and writes what was counted for analytics. */
  async cleanup(): Promise<void> {
    await this.engine.settled();
    await this.#telemetry.flush();
  }

  /** Whether results can be decoded. */
  get isPrepared(): boolean {
    return this.#makeDecimal !== undefined;
  }

  /** To be awaited before the first result is decoded: finds out what cannot be found out at once. */
  async prepare(): Promise<void> {
    const Decimal = await findDecimal(this.#parent);
    if (Decimal !== undefined) this.#makeDecimal = (text) => new Decimal(text);
  }

  #createEngine(): Engine {
    const { given, options, schema } = this;
    const { adapter, version, accountTier: tier, databaseId, defaultTTL, defaultSWR } = given;
    const { fieldTracking, views, triggers, operationTimeout, invalidationPolicy } = given;
    const { onInvalidate, onError } = given;
    const { onEvent } = this.#telemetry;
    const propagationSeconds = given.session?.propagationSeconds;
    const shared = Object.entries(options.models).filter(([, model]) => model.shared === true);
    const sharedModels = shared.map(([name]) => name);
    return createEngine({
      ports: this.#ports,
      schema,
      adapter,
      version,
      transactions: this.#isTransactionless ? 'none' : 'interactive',
      sharedModels,
      plan: defined({ fieldTracking, views, triggers }),
      classifyFailure: (error) => this.failures.classify(error),
      loadFaultPolicy: async () => (await import('./fault-policy.js')).createFaultPolicy(),
      makeDecimal: (text) => this.#decimal(text),
      ...(this.#isTransactionless
        ? {}
        : defined({ maxParameters: MAX_PARAMETERS[schema.provider] })),
      ...defined({
        tier,
        databaseId,
        defaultTTL,
        defaultSWR,
        operationTimeout,
        propagationSeconds,
      }),
      ...defined({ onInvalidate, onError, onEvent, invalidationPolicy }),
      ...defined({ authority: this.#coordinator(sharedModels), caps: given.config.caps }),
      mayReclaim: () => this.#telemetry.budgetLevel === 'open',
    });
  }

  /** Who decides what is fresh, where it is not the store. */
  #coordinator(sharedModels: readonly string[]): AuthoritySource | undefined {
    const { coordinator, operationTimeout } = this.given;
    if (coordinator === undefined) return undefined;
    return coordinatorAuthority({
      ...coordinator,
      usesStrong: usesStrong(this.given),
      isShared: sharedModelsOf(this.schema, sharedModels),
      ...(operationTimeout === undefined ? {} : { timeoutMs: operationTimeout }),
    });
  }

  #decimal(text: string): unknown {
    if (this.#makeDecimal !== undefined) return this.#makeDecimal(text);
    throw new BoostError(
      'BOOST_PRISMA_UNSUPPORTED',
      'This Prisma client does not show its Decimal class, so results with Decimals are not read from the cache',
    );
  }
}

/**
 * Most parameters of a statement that Prisma's client sends, where the driver adapter does not say otherwise as D1's does; the engine
 * knows D1's.
 *
 * @see https://github.com/prisma/prisma/blob/main/packages/client-engine-runtime/src/interpreter/query-interpreter.ts
 */
const MAX_PARAMETERS: Partial<Record<Schema['provider'], number>> = {
  cockroachdb: 32_766,
  mysql: 65_535,
  postgresql: 32_766,
  sqlite: 999,
  sqlserver: 2_098,
};

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The options that were given. */
function defined<T extends object>(options: T): Defined<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
