import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheAdapter } from '../../src/adapter/adapter.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import type { AuthoritySource, Consistency } from '../../src/epoch/authority.js';
import { kvAuthority } from '../../src/epoch/kv-authority.js';
import { createMemoryAuthority } from '../../src/epoch/memory-authority.js';
import type { Granularity } from '../../src/scope/scope.js';
import { Client } from '../support/client.js';
import { Database, type Row } from '../support/database.js';
import { Surroundings } from '../support/surroundings.js';

const POSTS = [1, 2] as const;

type Step =
  | { readonly kind: 'point'; readonly client: number; readonly id: number }
  | { readonly kind: 'list'; readonly client: number }
  | { readonly kind: 'write'; readonly client: number; readonly id: number }
  | { readonly kind: 'fail'; readonly client: number; readonly id: number };

const client = fc.integer({ min: 0, max: 3 });
const id = fc.constantFrom(...POSTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('point' as const), client, id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('list' as const), client }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), client, id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), client, id }) },
);

interface Configuration {
  readonly authority: 'memory' | 'kv';
  readonly granularity: Granularity;
  readonly consistency: Consistency;
}

/**
 * Clients of two isolates over one database and one store without lag, whose every step waits for the scheduler. Each write
 * gives a post a version greater than any before; what was acknowledged may not be missed by a read that begins afterwards.
 */
class Race {
  readonly surroundings = new Surroundings();
  readonly database = new Database();
  readonly clients: readonly Client[];
  /** Newest acknowledged version by post: by any client, and by the clients of each isolate. */
  readonly #acknowledged = new Map<string, number>();
  /** What each client has seen last, by query and post. */
  readonly #seen = new Map<string, number>();
  readonly #consistency: Consistency;
  readonly #isKV: boolean;
  readonly #write: Database['write'];
  #version = 0;
  hits = 0;

  constructor(scheduler: fc.Scheduler, configuration: Configuration) {
    const { authority, granularity, consistency } = configuration;
    this.#consistency = consistency;
    this.#isKV = authority === 'kv';
    const { clock, random } = this.surroundings.ports;
    const store = createMemoryAdapter({ clock, shared: true });
    const memory = createMemoryAuthority({ clock, random, granularity });
    const source: AuthoritySource = authority === 'kv' ? kvAuthority({ granularity }) : memory;
    for (const post of POSTS) this.database.insert('Post', { id: post, title: '0', authorId: 7 });
    const delayed = this.#delayed(scheduler);
    const isolates = [bindingOf(store, delayed), bindingOf(store, delayed)];
    this.clients = [0, 1, 2, 3].map((index) => {
      const { surroundings, database } = this;
      const adapter = isolates[isolateOf(index)] as CacheAdapter;
      const tier = index % 2 === 0 ? 'free' : 'pro';
      return new Client({ surroundings, database, adapter, authority: source, tier });
    });
    const read = this.database.read.bind(this.database);
    this.#write = this.database.write.bind(this.database);
    this.database.read = (...args) => delayed(() => read(...args), 'read');
    this.database.write = (...args) => delayed(() => this.#applied(...args), 'write');
  }

  async run(step: Step): Promise<void> {
    const by = this.clients[step.client] as Client;
    if (step.kind === 'point' || step.kind === 'list') return this.#read(step, by);
    const data = { title: '', fails: step.kind === 'fail' };
    let row: Row;
    try {
      row = (await by.write('Post', 'update', { where: { id: step.id }, data })) as Row;
    } catch (error) {
      // Nothing was acknowledged.
      expect(error).toMatchObject({ message: 'connection lost' });
      return;
    }
    for (const where of ['anywhere', isolateOf(step.client)]) {
      const key = `${where} ${step.id}`;
      const newest = Math.max(Number(row['title']), this.#acknowledged.get(key) ?? 0);
      this.#acknowledged.set(key, newest);
    }
  }

  async #read(step: Step & { readonly kind: 'point' | 'list' }, by: Client): Promise<void> {
    const due = new Map(this.#acknowledged);
    const options = { consistency: this.#consistency };
    const args = step.kind === 'point' ? { id: step.id } : { authorId: 7 };
    const action = step.kind === 'point' ? 'findUnique' : 'findMany';
    const query = `${step.client} ${JSON.stringify(args)}`;
    const before = new Map(POSTS.map((post) => [post, this.#seen.get(`${query} ${post}`) ?? 0]));
    const { result, info } = await by.read('Post', action, { where: args }, options);
    if (info.status.startsWith('hit')) this.hits += 1;
    for (const row of [result].flat() as Row[]) {
      const post = row['id'] as 1 | 2;
      const version = Number(row['title']);
      // Who joins an older flight over KV knows the writes of its own isolate alone.
      const where = this.#isKV && info.coalesced ? isolateOf(step.client) : 'anywhere';
      const expected = due.get(`${where} ${post}`) ?? 0;
      expect(version, `read of ${info.status}`).toBeGreaterThanOrEqual(expected);
      if (this.#consistency !== 'eventual') {
        expect(version, 'monotonic').toBeGreaterThanOrEqual(before.get(post) ?? 0);
      }
      const key = `${query} ${post}`;
      this.#seen.set(key, Math.max(version, this.#seen.get(key) ?? 0));
    }
  }

  /** Versions follow the order in which the database applies the writes, which is not that in which they began. */
  async #applied(...[model, action, args]: Parameters<Database['write']>): Promise<unknown> {
    const { fails, ...data } = args['data'] as Row;
    this.#version += 1;
    const title = String(this.#version);
    const row = await this.#write(model, action, { ...args, data: { ...data, title } });
    if (fails === true) throw new Error('connection lost');
    return row;
  }

  #delayed(scheduler: fc.Scheduler) {
    return async <Result>(run: () => Promise<Result>, what: string): Promise<Result> => {
      await scheduler.schedule(Promise.resolve(), `${what} begins`);
      this.surroundings.nowMs += 900;
      const result = await run().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      await scheduler.schedule(Promise.resolve(), `${what} answers`);
      if ('error' in result) throw result.error;
      return result.value;
    };
  }
}

function isolateOf(client: number): 0 | 1 {
  return client < 2 ? 0 : 1;
}

/** What an isolate sees of the store. */
function bindingOf(
  store: CacheAdapter,
  delayed: <Result>(run: () => Promise<Result>, what: string) => Promise<Result>,
): CacheAdapter {
  return {
    name: store.name,
    capabilities: store.capabilities,
    identity: {},
    get: (key) => delayed(() => store.get(key), 'get'),
    getMany: (keys) => delayed(() => store.getMany(keys), 'getMany'),
    set: (key, value, options) => delayed(() => store.set(key, value, options), 'set'),
    delete: (key) => store.delete(key),
    deleteMany: (keys) => store.deleteMany(keys),
    list: (prefix) => store.list(prefix),
  };
}

const CONFIGURATIONS: readonly Configuration[] = [
  { authority: 'memory', granularity: 'model', consistency: 'strong' },
  { authority: 'memory', granularity: 'row', consistency: 'session' },
  { authority: 'memory', granularity: 'field', consistency: 'eventual' },
  { authority: 'kv', granularity: 'model', consistency: 'eventual' },
  { authority: 'kv', granularity: 'model', consistency: 'session' },
  { authority: 'kv', granularity: 'row', consistency: 'session' },
];

describe.each(CONFIGURATIONS)(
  'reads and writes in any order, $authority, $granularity, $consistency',
  (configuration) => {
    it('never miss what was acknowledged before they began', async () => {
      let hits = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
          async (scheduler, threads) => {
            const race = new Race(scheduler, configuration);
            const running = threads.map(async (steps) => {
              for (const next of steps) await race.run(next);
            });
            await scheduler.waitFor(Promise.all(running));
            hits += race.hits;
          },
        ),
        { numRuns: 300, seed: 20_261_123 },
      );
      expect(hits).toBeGreaterThan(50);
    });
  },
);
