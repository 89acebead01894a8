import type { EngineEvent, Granularity } from '@boost/core';
import type { FuzzDatabase } from '../database/database.ts';
import { clientRead, resultOperation, type ClientRead } from '../generate/client-read.ts';
import { chooseFocus, type Generator } from '../generate/context.ts';
import type { InvalidationPolicy, PrivateContext } from '@boost/prisma';
import { createData } from '../generate/data.ts';
import { moveAndReach } from '../generate/move.ts';
import { CLIENT_WEIGHTS, randomOp, type Op } from '../generate/op.ts';
import type { Random } from '../random.ts';
import { errorCode, type Delegate, type PrismaClient } from '../schema/client.ts';
import type { LoadedSchema } from '../schema/load.ts';
import { modelOf, type ModelInfo } from '../schema/metadata.ts';
import {
  extend,
  type CachedClient,
  type CachedClientOptions,
  type CacheStore,
} from './cached-client.ts';
import { canonicalResult } from './canonical.ts';
import { ask, performOn } from './client-calls.ts';
import type { Finding } from './finding.ts';
import { parentsFirst } from './law.ts';
import type { CacheMetrics } from './metrics.ts';
import { State } from './state.ts';
import type { ViewSettings } from './views.ts';

export interface CacheOptions {
  readonly schema: LoadedSchema;
  readonly database: FuzzDatabase;
  readonly client: PrismaClient;
  readonly store: CacheStore;
  /** Whose session it is, where the store has several tenants. Each has a database of its own. */
  readonly tenant?: string;
  /** Asks the reads of this session, another tenant's: the same questions, other answers. */
  readonly neighbour?: CacheSession;
  readonly granularity: Granularity;
  readonly policy: InvalidationPolicy;
  readonly settings: ViewSettings;
  readonly random: Random;
  readonly seed: number;
  readonly metrics: CacheMetrics;
  readonly onFinding: (finding: Finding) => void;
  /** Moves the clock on. */
  readonly advance: (milliseconds: number) => void;
}

type Args = Readonly<Record<string, unknown>>;

interface PooledRead {
  readonly read: ClientRead;
  /** How many ops had happened when it was last stored. */
  filledAt: number;
}

interface Found {
  readonly pooled?: PooledRead;
  readonly before?: string;
  readonly after?: string;
  readonly note: string;
}

const POOL_SIZE = 20;
const READS_PER_WRITE = 8;

/** One run of a client with the cache in front and one without, over one database, from empty: both must answer alike. */
export class CacheSession {
  readonly #options: CacheOptions;
  readonly #focus: readonly ModelInfo[];
  readonly #generator: Generator;
  readonly #state: State;
  /** Two clients of one store, as in two requests. On KV only the one that wrote sees its write at once. */
  readonly #cached: readonly CachedClient[];
  readonly #history: Op[] = [];
  readonly #pool: PooledRead[] = [];
  /** What the engine said of the reads since the last question. */
  #said: string[] = [];

  constructor(options: CacheOptions) {
    const { schema, random, client, database, store, granularity, settings, tenant } = options;
    this.#options = options;
    const { neighbour } = options;
    this.#focus =
      neighbour === undefined
        ? chooseFocus(random, schema.info, random.int(2, 5))
        : neighbour.#focus;
    this.#state = new State(schema.info, database, client, this.#focus);
    this.#generator = {
      random,
      schema: schema.info,
      focus: this.#focus,
      reference: ({ model, name }) =>
        (client[modelOf(schema.info, model).delegate] as Delegate).fields[name],
      rows: (model) => this.#state.stableRows(model),
      related: (relation, row) => this.#state.stableRelated(relation, row),
    };
    const { fieldTracking } = settings.options;
    const context = (): PrivateContext => ({
      tenantId: tenant ?? null,
      ...(random.chance(0.3) ? { userId: random.pick(['u1', 'u2']) } : {}),
    });
    const cached: CachedClientOptions = {
      config: schema.config,
      store,
      granularity,
      policy: options.policy,
      ...(fieldTracking === undefined ? {} : { fieldTracking }),
      ...(tenant === undefined ? {} : { context }),
      onEvent: (event) => this.#onEvent(event),
      onError: (error, operation) =>
        this.#report('crash', { note: `${operation}: ${String((error as Error).stack)}` }),
    };
    const count = store.authority === 'memory' ? 2 : 1;
    this.#cached = Array.from({ length: count }, () => extend(client, cached));
  }

  async start(): Promise<void> {
    await this.#options.database.reset();
    this.#options.metrics.sessions += 1;
    for (let round = 0; round < 2; round++) {
      for (const model of parentsFirst(this.#focus)) {
        for (let i = 0; i < 2; i++) {
          await this.#state.refresh();
          const data = createData(this.#generator, model, { depth: 0 });
          await this.#perform({
            kind: 'write',
            operation: { model: model.name, action: 'create', args: { data } },
          });
        }
      }
    }
  }

  /** One write, and some of the reads. */
  async step(): Promise<void> {
    const { random, advance } = this.#options;
    await this.#state.refresh();
    const ops = this.#nextOps();
    while (this.#pool.length < POOL_SIZE) this.#pool.push(this.#newRead());
    if (random.chance(0.2)) this.#pool[random.int(0, POOL_SIZE - 1)] = this.#newRead();
    // What is about to go is in the cache.
    await this.#readSome();
    advance(random.pick([0, 1, 1_500, 20_000]));
    for (const op of ops) await Promise.all([this.#perform(op), this.#readMeanwhile()]);
    await this.#readSome();
    advance(random.pick([0, 1, 5_000, 20_000]));
  }

  /** The session cannot go on: whatever was thrown is a finding, nothing that is passed over. */
  abandon(error: unknown): void {
    this.#report('crash', { note: `Abandoned: ${String((error as Error).stack)}` });
  }

  #nextOps(): readonly Op[] {
    const { random } = this.#options;
    const moves = random.chance(0.05) ? moveAndReach(this.#generator) : [];
    if (moves.length === 0) return [randomOp(this.#generator, CLIENT_WEIGHTS)];
    return moves.map((operation) => ({ kind: 'write', operation }));
  }

  #newRead(): PooledRead {
    const { random, neighbour } = this.#options;
    const others = neighbour === undefined ? [] : neighbour.#pool;
    const read = others.length > 0 ? random.pick(others).read : clientRead(this.#generator);
    return { read, filledAt: this.#history.length };
  }

  /** Reads that a write overtakes: what they answer is right at some moment, what they store must not outlive the write. */
  async #readMeanwhile(): Promise<void> {
    const { random } = this.#options;
    if (!random.chance(0.4)) return;
    const reads = random.sample(this.#pool, 1, READS_PER_WRITE);
    await Promise.all(reads.map(({ read }) => this.#answer(random.pick(this.#cached), read)));
  }

  async #perform(op: Op): Promise<void> {
    const { schema, random, metrics } = this.#options;
    const client = random.pick(this.#cached);
    metrics.writes += 1;
    await performOn(schema.info, client, op);
    this.#history.push(op);
    await settle();
  }

  async #readSome(): Promise<void> {
    const { random } = this.#options;
    for (const pooled of random.sample(this.#pool, READS_PER_WRITE, READS_PER_WRITE)) {
      await this.#compare(pooled, random.pick(this.#cached));
    }
  }

  async #compare(pooled: PooledRead, client: CachedClient): Promise<void> {
    const { random, metrics } = this.#options;
    const extra = random.chance(0.15)
      ? { cacheStrategy: random.pick([{ ttl: 5, swr: 600 }, { ttl: 60, tags: ['fuzz'] }, false]) }
      : {};
    // The plain client is asked as often: Prisma answers equal questions of one moment together, and not always alike. Of
    // fluent calls on a row that must be there it does so with any extension, ours or none of ours: those are asked alone.
    const { fluent, operation } = pooled.read;
    const isAlone = fluent !== undefined && operation.action.endsWith('OrThrow');
    const times = !isAlone && random.chance(0.15) ? 2 : 1;
    const ask = (one: PrismaClient, more?: Args): Promise<string[]> =>
      Promise.all(Array.from({ length: times }, () => this.#answer(one, pooled.read, more)));
    this.#said = [];
    const cached = await ask(client, extra);
    await settle();
    const said = this.#said.join();
    const plain = await ask(this.#options.client);
    // Of a fluent call on a row that is not there, Prisma makes nothing when asked with others, and an error when asked alone.
    if (times > 1) plain.push(await this.#answer(this.#options.client, pooled.read));
    metrics.reads += times;
    const wrong = cached.find((answer) => !plain.includes(answer));
    if (wrong !== undefined) {
      const note = `The cache said: ${said}.`;
      this.#report('cached', { pooled, before: plain[0] ?? '', after: wrong, note });
    }
    if (said.includes('miss')) pooled.filledAt = this.#history.length;
  }

  /** The answer as text. What it was made of is spoilt afterwards: the next caller must not notice. */
  async #answer(client: PrismaClient, read: ClientRead, extra?: Args): Promise<string> {
    const { schema } = this.#options;
    try {
      const result = await ask(schema.info, client, read, extra);
      const text = canonicalResult(schema.info, resultOperation(schema.info, read), result);
      spoil(result);
      return text;
    } catch (error) {
      return `error ${errorCode(error)}`;
    }
  }

  #onEvent(event: EngineEvent): void {
    if (event.type !== 'read') return;
    const { statuses } = this.#options.metrics;
    this.#said.push(
      event.reason === undefined ? event.status : `${event.status} (${event.reason})`,
    );
    statuses.set(event.status, (statuses.get(event.status) ?? 0) + 1);
  }

  #report(kind: 'cached' | 'crash', found: Found): void {
    const { schema, database, settings, seed, onFinding } = this.#options;
    const { store, tenant, granularity, policy } = this.#options;
    const { pooled, before = '', after = '', note } = found;
    const filledAt = pooled?.filledAt ?? this.#history.length;
    const fluent = pooled?.read.fluent;
    onFinding({
      kind,
      seed,
      before,
      after,
      deps: [],
      bumps: [],
      note,
      case: {
        schema: schema.name,
        database: database.kind,
        granularity,
        settings,
        history: this.#history.slice(0, filledAt),
        ops: this.#history.slice(filledAt),
        ...(pooled === undefined ? {} : { read: pooled.read.operation }),
        cache: {
          authority: store.authority,
          policy,
          ...(tenant === undefined ? {} : { tenant }),
          ...(fluent === undefined ? {} : { fluent }),
        },
      },
    });
  }
}

/**
 * Lets what a client does in the background on a store in memory come to its end. Not `$cleanup()`: after an unknown outcome that
 * waits for the deadline of the write.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Changes a result wherever it can be changed. */
function spoil(result: unknown): void {
  if (typeof result !== 'object' || result === null) return;
  if (result instanceof Date) {
    result.setTime(0);
  } else if (result instanceof Uint8Array) {
    result.fill(0);
  } else if (Array.isArray(result)) {
    for (const item of result) spoil(item);
    result.length = 0;
  } else {
    for (const inner of Object.values(result)) spoil(inner);
  }
}
