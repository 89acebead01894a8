import type { EngineEvent, Granularity } from '@boost/core';
import type { FuzzDatabase } from '../database/database.ts';
import { clientRead, resultOperation, type ClientRead } from '../generate/client-read.ts';
import { chooseFocus, type Generator } from '../generate/context.ts';
import { createData } from '../generate/data.ts';
import { CLIENT_WEIGHTS, randomOp, type Op } from '../generate/op.ts';
import type { Random } from '../random.ts';
import { errorCode, type Delegate, type PrismaClient } from '../schema/client.ts';
import type { LoadedSchema } from '../schema/load.ts';
import { modelOf, type ModelInfo } from '../schema/metadata.ts';
import { Cache, type AuthorityKind, type CachedClient } from './cached-client.ts';
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
  readonly authority: AuthorityKind;
  readonly granularity: Granularity;
  readonly settings: ViewSettings;
  readonly random: Random;
  readonly seed: number;
  readonly metrics: CacheMetrics;
  readonly onFinding: (finding: Finding) => void;
  /** Moves the clock on. */
  readonly advance: (milliseconds: number) => void;
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
  readonly #pool: ClientRead[] = [];
  #status = '';

  constructor(options: CacheOptions) {
    const { schema, random, client, database, authority, granularity, settings } = options;
    this.#options = options;
    this.#focus = chooseFocus(random, schema.info, random.int(2, 5));
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
    const cache = new Cache({
      config: schema.config,
      authority,
      granularity,
      ...(fieldTracking === undefined ? {} : { fieldTracking }),
      onEvent: (event) => this.#onEvent(event),
      onError: (error, operation) =>
        this.#report('crash', { note: `${operation}: ${String((error as Error).stack)}` }),
    });
    const count = authority === 'memory' ? 2 : 1;
    this.#cached = Array.from({ length: count }, () => cache.extend(client));
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
    const op = randomOp(this.#generator, CLIENT_WEIGHTS);
    while (this.#pool.length < POOL_SIZE) this.#pool.push(clientRead(this.#generator));
    if (random.chance(0.2)) this.#pool[random.int(0, POOL_SIZE - 1)] = clientRead(this.#generator);
    // What is about to go is in the cache.
    await this.#readSome(undefined);
    advance(random.pick([0, 1, 1_500, 20_000]));
    await this.#perform(op);
    await this.#readSome(op);
    this.#history.push(op);
    advance(random.pick([0, 1, 5_000, 20_000]));
  }

  async #perform(op: Op): Promise<void> {
    const { schema, random, metrics } = this.#options;
    const client = random.pick(this.#cached);
    metrics.writes += 1;
    await performOn(schema.info, client, op);
    await settle();
  }

  async #readSome(op: Op | undefined): Promise<void> {
    const { random } = this.#options;
    for (const read of random.sample(this.#pool, READS_PER_WRITE, READS_PER_WRITE)) {
      await this.#compare(op, read, random.pick(this.#cached));
    }
  }

  async #compare(op: Op | undefined, read: ClientRead, client: CachedClient): Promise<void> {
    const { random, metrics } = this.#options;
    const extra = random.chance(0.15)
      ? { cacheStrategy: random.pick([{ ttl: 5, swr: 600 }, { ttl: 60, tags: ['fuzz'] }, false]) }
      : {};
    const times = random.chance(0.15) ? 2 : 1;
    const asked = Array.from({ length: times }, () => this.#answer(client, read, extra));
    const answers = await Promise.all(asked);
    await settle();
    const plain = await this.#answer(this.#options.client, read);
    metrics.reads += answers.length;
    for (const answer of answers) {
      if (answer === plain) continue;
      const status = this.#status;
      this.#report('cached', {
        op,
        read,
        before: plain,
        after: answer,
        note: `The cache said: ${status}.`,
      });
    }
  }

  /** The answer as text. What it was made of is spoilt afterwards: the next caller must not notice. */
  async #answer(
    client: PrismaClient,
    read: ClientRead,
    extra?: Readonly<Record<string, unknown>>,
  ): Promise<string> {
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
    this.#status = event.status;
    this.#options.metrics.statuses.set(
      event.status,
      (this.#options.metrics.statuses.get(event.status) ?? 0) + 1,
    );
  }

  #report(
    kind: 'cached' | 'crash',
    found: {
      op?: Op | undefined;
      read?: ClientRead;
      before?: string;
      after?: string;
      note: string;
    },
  ): void {
    const { schema, database, settings, seed, onFinding, authority, granularity } = this.#options;
    const { op, read, before = '', after = '', note } = found;
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
        history: [...this.#history],
        ...(op === undefined ? {} : { op }),
        ...(read === undefined ? {} : { read: read.operation }),
        cache: { authority, ...(read?.fluent === undefined ? {} : { fluent: read.fluent }) },
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
