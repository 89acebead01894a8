import { isDeepStrictEqual } from 'node:util';
import type { Schema } from '@boost/core';
import { createSite, type Size } from './data.ts';
import { keyOf } from './key.ts';
import { Random } from './random.ts';
import type { Drop, Strategy, World } from './strategies/strategy.ts';
import { Traffic, type Audience } from './traffic.ts';
import { Truth } from './truth.ts';

const PAGES_PER_SECOND = 50;

export interface Plan extends Audience {
  readonly schema: Schema;
  readonly seed: number;
  readonly size: Size;
  readonly strategy: (world: World) => Strategy;
}

/** Counted over the measured pages. */
export interface Tally {
  reads: number;
  hits: number;
  stale: number;
  writes: number;
  dropped: number;
  /** Of those dropped, the ones whose fresh result was still the same. */
  needless: number;
  dbReads: number;
  /** Of the entry that had most. */
  mostScopes: number;
  /** Needless drops by the kind of scope that caused them. */
  readonly causes: Map<string, number>;
}

/** One strategy under one traffic. Every hit is compared with a fresh read. */
export async function run({
  schema,
  seed,
  size,
  strategy: make,
  ...audience
}: Plan): Promise<Tally> {
  const random = new Random(seed);
  const tables = createSite(schema, random, size);
  const truth = new Truth(tables);
  const traffic = new Traffic(tables, random, size, audience);
  let page = 0;
  let tally = emptyTally();
  const strategy = make({
    tables,
    truth,
    nowMs: () => (page * 1000) / PAGES_PER_SECOND,
    countRead: () => tally.dbReads++,
  });
  const count = (drops: readonly Drop[]): void => {
    for (const { entry, cause } of drops) {
      tally.dropped += 1;
      if (!isSame(entry.result, truth.now(entry.key, entry.operation))) continue;
      tally.needless += 1;
      const kind = `${kindOf(cause ?? '')} of ${entry.operation.model}.${entry.operation.action}`;
      tally.causes.set(kind, (tally.causes.get(kind) ?? 0) + 1);
    }
  };
  for (; page < size.warmUpPages + size.pages; page++) {
    if (page === size.warmUpPages) tally = emptyTally();
    await traffic.page({
      async read(operation) {
        const key = keyOf(operation);
        const found = await strategy.find(key, operation);
        count(strategy.takeDrops());
        tally.reads += 1;
        if (found === undefined) {
          tally.dbReads += 1;
          return (await strategy.fill(key, operation)).result;
        }
        tally.hits += 1;
        if (!isSame(found.result, truth.now(key, operation))) tally.stale += 1;
        return found.result;
      },
      async write(operation) {
        tally.writes += 1;
        await strategy.write(operation);
        count(strategy.takeDrops());
      },
    });
  }
  tally.mostScopes = strategy.mostScopes ?? 0;
  return tally;
}

/** Deeply equal; most strategies keep the very object that the truth gave. */
function isSame(kept: unknown, fresh: unknown): boolean {
  return kept === fresh || isDeepStrictEqual(kept, fresh);
}

function emptyTally(): Tally {
  return {
    reads: 0,
    hits: 0,
    stale: 0,
    writes: 0,
    dropped: 0,
    needless: 0,
    dbReads: 0,
    mostScopes: 0,
    causes: new Map(),
  };
}

/** `Story{authorId=7}#rows` and `Story{authorId=8}#rows` are of one kind. */
function kindOf(scope: string): string {
  return scope.replace(/=[^?}][^}]*/, '=…').replace(/:[^#]+/, ':…');
}
