import { readFile } from 'node:fs/promises';
import { createLibsqlDatabase } from '@boost-tooling/database';
import { createMemoryAdapter, parseConfig, type MemoryEntries, type Operation } from '@boost/core';
import { createCacheExtension } from '@boost/prisma';
import * as cacheConfig from '../../prisma/generated/cache/cacheConfig.js';
import { PrismaClient } from '../../prisma/generated/client/client.ts';
import { CI_SIZE, createSite } from '../workload/data.ts';
import { Random } from '../workload/random.ts';
import { copyRows } from '../workload/copy-rows.ts';
import { Traffic } from '../workload/traffic.ts';
import { Coordinators } from './isolate.ts';

const SIZE = { ...CI_SIZE, warmUpPages: 2_000, pages: 4_000 };
/** Of one isolate. */
const PAGES_PER_SECOND = 10;
const COLD_READS = 300;
const AUDIENCE = { skew: 'zipf', viewer: 'anonymous', authors: 'names' } as const;

type Ask = (operation: Operation) => Promise<unknown>;
type Delegates = Readonly<
  Record<string, Readonly<Record<string, (args: unknown) => Promise<unknown>>>>
>;

/**
 * Plays the traffic on Prisma's client over libSQL, a client and a session for each page, `session` reads: the calls to the
 * coordinator that reads make which the cache answers, and the others. Then another isolate, which knows nothing, reads what the first has in the shared cache.
 */
export async function playWorkload(): Promise<Record<string, number>> {
  const schemaText = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  const database = await createLibsqlDatabase(schemaText);
  const base = new PrismaClient({ adapter: database.adapter() });
  const clock = slowClock();
  try {
    const random = new Random(1);
    const tables = createSite(parseConfig(cacheConfig), random, SIZE);
    await copyRows(tables, parseConfig(cacheConfig).modelNames, asking(base));
    const traffic = new Traffic(tables, random, SIZE, AUDIENCE);
    const coordinators = new Coordinators();
    const entries: MemoryEntries = new Map();
    const isolate = (): Isolate => new Isolate(base, coordinators, entries);
    const warm = isolate();
    const asked = new Map<string, Operation>();
    let tally = emptyTally();
    for (let page = 0; page < SIZE.warmUpPages + SIZE.pages; page++) {
      if (page === SIZE.warmUpPages) tally = emptyTally();
      clock.passMs(1_000 / PAGES_PER_SECOND);
      const client = warm.client();
      const count = async (operation: Operation, isWrite: boolean): Promise<void> => {
        const [callsBefore, hitsBefore] = [coordinators.calls, warm.hits];
        await client.ask(operation);
        // What it began in the background belongs to it.
        await client.settled();
        const kind = isWrite ? 'write' : warm.hits > hitsBefore ? 'hit' : 'miss';
        tally[kind].times += 1;
        tally[kind].calls += coordinators.calls - callsBefore;
      };
      await traffic.page({
        async read(operation) {
          asked.set(JSON.stringify(operation), operation);
          await count(operation, false);
          return tables.read(operation);
        },
        async write(operation) {
          tables.write(operation);
          await count(operation, true);
        },
      });
    }
    const { hit, miss, write } = tally;
    return {
      do_calls_per_hit: hit.calls / hit.times,
      'do_calls_per_hit.with_misses_and_writes': (hit.calls + miss.calls + write.calls) / hit.times,
      do_calls_per_miss: miss.calls / miss.times,
      do_calls_per_write: write.calls / write.times,
      'coordinator_workload.hits': hit.times / (hit.times + miss.times),
      cold_isolate_hits: await coldHits(warm, isolate(), [...asked.values()].slice(-COLD_READS)),
    };
  } finally {
    clock.end();
    await base.$disconnect();
    await database.drop();
  }
}

interface Count {
  times: number;
  calls: number;
}

function emptyTally(): Record<'hit' | 'miss' | 'write', Count> {
  return {
    hit: { times: 0, calls: 0 },
    miss: { times: 0, calls: 0 },
    write: { times: 0, calls: 0 },
  };
}

/** The share of what the one isolate has in the cache that the other is answered from it. */
async function coldHits(
  warm: Isolate,
  cold: Isolate,
  reads: readonly Operation[],
): Promise<number> {
  for (const isolate of [warm, warm, cold]) {
    isolate.hits = 0;
    const client = isolate.client();
    for (const operation of reads) await client.ask(operation);
    await client.settled();
  }
  return cold.hits / warm.hits;
}

/** An isolate: what its clients share hangs on its adapter and its binding. */
class Isolate {
  hits = 0;
  readonly #base: PrismaClient;
  readonly #adapter;
  readonly #namespace;

  constructor(base: PrismaClient, coordinators: Coordinators, entries: MemoryEntries) {
    this.#base = base;
    this.#adapter = createMemoryAdapter({ clock: { now: () => Date.now() }, entries });
    this.#namespace = coordinators.namespace();
  }

  /** The client of one request. */
  client(): { readonly ask: Ask; readonly settled: () => Promise<void> } {
    const prisma = this.#base.$extends(
      createCacheExtension({
        adapter: this.#adapter,
        config: cacheConfig,
        version: 'v1',
        accountTier: 'pro',
        coordinator: { namespace: this.#namespace },
        onEvent: (event) => {
          if (event.type === 'read' && event.status.startsWith('hit')) this.hits += 1;
        },
      }),
    );
    return { ask: asking(prisma), settled: () => prisma.$cleanup() };
  }
}

function asking(client: object): Ask {
  return ({ model, action, args }) => {
    const run = (client as Delegates)[model.toLowerCase()]?.[action];
    if (run === undefined) throw new RangeError(`the client has no ${model}.${action}`);
    return run(args);
  };
}

/** Time passes as the pages come, and not as this machine plays them. */
function slowClock(): { passMs(ms: number): void; end(): void } {
  const { now } = Date;
  let nowMs = now();
  Date.now = () => nowMs;
  return {
    passMs: (ms) => void (nowMs += ms),
    end: () => void (Date.now = now),
  };
}
