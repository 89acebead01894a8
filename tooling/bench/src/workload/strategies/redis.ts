import { PrismaLibSql } from '@prisma/adapter-libsql';
import type { Operation, ReadOperation, WriteOperation } from '@boost/core';
import { PrismaExtensionRedis } from 'prisma-extension-redis';
import { PrismaClient } from '../../../prisma/generated/client/client.ts';
import { Entries } from './entries.ts';
import { MemoryRedis } from './memory-redis.ts';
import type { Drop, Entry, Strategy, World } from './strategy.ts';

const LIFETIME_SECONDS = 60;
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

type Delegate = Readonly<Record<string, (args: unknown) => Promise<unknown>>>;

/**
 * The peer, as its page shows it: every read cached for a minute, a write removes what is cached of its model
 * (`auto.invalidateOnWrite`). Below it the client answers from the tables, so that only its caching is measured.
 */
export class RedisStrategy implements Strategy {
  readonly #world: World;
  readonly #redis: MemoryRedis;
  readonly #client: Readonly<Record<string, Delegate>>;
  readonly #entries = new Entries();
  /** Names of our entries by the peer's keys. */
  readonly #names = new Map<string, string>();
  #asked: unknown;
  #wasAsked = false;

  constructor(world: World) {
    this.#world = world;
    this.#redis = new MemoryRedis(
      () => world.nowMs(),
      (key) => {
        const name = this.#names.get(key);
        if (name !== undefined) this.#entries.drop(name);
      },
    );
    const auto = { invalidateOnWrite: true, ttl: LIFETIME_SECONDS, stale: 0 };
    const client = new PrismaClient({ adapter: new PrismaLibSql({ url: ':memory:' }) })
      .$extends(
        PrismaExtensionRedis({
          config: { ttl: LIFETIME_SECONDS, stale: 0, type: 'STRING', auto },
          client: this.#redis,
        }),
      )
      .$extends({
        query: {
          $allModels: {
            $allOperations: ({ model, operation, args }) =>
              Promise.resolve(this.#answer(model, operation, args) as never),
          },
        },
      });
    this.#client = client as unknown as Readonly<Record<string, Delegate>>;
  }

  async find(key: string, operation: ReadOperation): Promise<Entry | undefined> {
    this.#wasAsked = false;
    const result = await this.#run(operation);
    if (!this.#wasAsked) return { key, operation, result: revive(result) };
    const stored = this.#redis.lastSet;
    if (stored !== undefined) this.#names.set(stored, key);
    this.#entries.set({ key, operation, result: this.#asked });
    return undefined;
  }

  fill(key: string): Promise<Entry> {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new RangeError(`the peer stored nothing: ${key}`);
    return Promise.resolve(entry);
  }

  async write(operation: WriteOperation): Promise<void> {
    await this.#run(operation);
  }

  takeDrops(): readonly Drop[] {
    return this.#entries.takeDrops();
  }

  #run({ model, action, args }: Operation): Promise<unknown> {
    const run = this.#client[model.toLowerCase()]?.[action];
    if (run === undefined) throw new RangeError(`the client has no ${model}.${action}`);
    return run(args);
  }

  #answer(model: string, action: string, given: unknown): unknown {
    const operation = { model, action, args: given } as ReadOperation | WriteOperation;
    const isWrite = action === 'create' || action === 'update';
    const { tables } = this.#world;
    this.#wasAsked = true;
    this.#asked = isWrite ? tables.write(operation as WriteOperation) : tables.read(operation);
    return this.#asked;
  }
}

/** The peer gives dates of a hit as text; that alone does not count as stale. */
function revive(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    typeof item === 'string' && ISO_DATE.test(item) ? new Date(item) : item,
  );
}
