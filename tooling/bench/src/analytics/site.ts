import {
  KV_PRICE_USD,
  createEngine,
  createMemoryAdapter,
  type CacheAdapter,
  type Engine,
  type EngineEvent,
  type Ports,
  type ReadOperation,
  type Schema,
  type WriteOperation,
} from '@boost/core';
import { createSite, type Size } from '../workload/data.ts';
import { Random } from '../workload/random.ts';
import { Traffic } from '../workload/traffic.ts';

const MS_PER_PAGE = 20;

/** A store that is billed as KV is, and what the bill comes to: counted by the store itself. */
class BilledStore {
  usd = 0;
  readonly adapter: CacheAdapter;

  constructor(ports: Ports) {
    const inner = createMemoryAdapter({ clock: ports.clock, shared: true });
    const bill = (usd: number): void => void (this.usd += usd);
    const { read, write, list, delete: remove } = KV_PRICE_USD;
    this.adapter = {
      name: 'billed',
      capabilities: { ...inner.capabilities, tier: 'l2' },
      identity: inner,
      get(key, options) {
        bill(read);
        return inner.get(key, options);
      },
      getMany(keys, options) {
        bill(read * keys.length);
        return inner.getMany(keys, options);
      },
      set(key, value, options) {
        bill(write);
        return inner.set(key, value, options);
      },
      delete(key, options) {
        bill(remove);
        return inner.delete(key, options);
      },
      deleteMany(keys, options) {
        bill(remove * keys.length);
        return inner.deleteMany(keys, options);
      },
      list(prefix, options) {
        bill(list);
        return inner.list(prefix, options);
      },
    };
  }
}

export interface Visited {
  /** What the store billed, in US dollars. */
  readonly usd: number;
}

/** The Lobsters page mix through the engine, over a store that is billed. */
export async function visit(
  schema: Schema,
  size: Size,
  onEvent: (event: EngineEvent) => void,
): Promise<Visited> {
  const random = new Random(1);
  const tables = createSite(schema, random, size);
  const traffic = new Traffic(tables, random, size, {
    skew: 'votes',
    viewer: 'user',
    authors: 'names',
  });
  let nowMs = Date.UTC(2026, 0);
  const ports = portsOf(() => nowMs);
  const store = new BilledStore(ports);
  const engine: Engine = createEngine({
    ...{ ports, schema, adapter: store.adapter, version: 'v1', tier: 'pro', onEvent },
    invalidationPolicy: { strategy: 'hybrid' },
    makeDecimal: String,
  });
  const context = { tenant: undefined, user: undefined, session: engine.session() };
  for (let page = 0; page < size.pages; page++) {
    nowMs += MS_PER_PAGE;
    await traffic.page({
      async read(operation: ReadOperation) {
        const execute = (args: ReadOperation['args']): Promise<unknown> =>
          Promise.resolve(tables.read({ ...operation, args }));
        return (await engine.read({ operation, strategy: {}, context, execute })).result;
      },
      async write(operation: WriteOperation) {
        await engine.write({
          operation,
          context,
          runner: {
            run: (action, args) => Promise.resolve(tables.write({ ...operation, action, args })),
            isNotFound: () => false,
            images: {
              findMany: (model, args) =>
                Promise.resolve(
                  tables.read({ model, action: 'findMany', args }) as Record<string, unknown>[],
                ),
            },
          },
        });
      },
    });
  }
  await engine.settled();
  return { usd: store.usd };
}

export function portsOf(now: () => number): Ports {
  return {
    clock: { now },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    timers: {
      set(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    waitUntil: () => undefined,
  };
}
