import { reportMetrics } from '@boost-tooling/metrics';
import { KV_PRICE_USD } from '@boost/core';
import type { Score } from './tour.ts';
import type { Totals } from './worker/report.ts';

export interface SummaryInput {
  readonly score: Score;
  readonly totals: Totals;
  readonly json: string | undefined;
}

/** Says what the tour came to. @returns whether every answer was right and every bar reached */
export function summarise({ score, totals, json }: SummaryInput): boolean {
  const { store, errors } = totals;
  const price =
    store.reads * KV_PRICE_USD.read +
    store.writes * KV_PRICE_USD.write +
    store.deletes * KV_PRICE_USD.delete +
    store.lists * KV_PRICE_USD.list;
  const saved = score.plainStatements - score.statements;
  const answered = score.hits + score.shared;

  console.log('');
  console.log(
    `${score.reads} reads: ${score.hits} from the cache, ${score.shared} shared with a read under way, ${score.reads - answered} from the database.`,
  );
  console.log(
    `${saved} of ${score.plainStatements} database statements saved; ${score.wrong === 0 ? 'every' : 'NOT EVERY'} answer equal to that of a client without cache.`,
  );
  console.log(
    `KV: ${store.reads} reads, ${store.writes} writes, ${store.deletes} deletes, ${store.lists} lists: $${price.toFixed(6)} at Cloudflare's list price.`,
  );

  return reportMetrics({
    metrics: {
      wrong_answers: score.wrong,
      cache_errors: errors,
      reads: score.reads,
      writes: score.writes,
      hit_ratio: answered / score.reads,
      database_statements: score.statements,
      database_statements_saved: saved,
      statements_of_100_identical_reads: score.burstStatements,
      kv_reads: store.reads,
      kv_writes: store.writes,
      kv_deletes: store.deletes,
      kv_lists: store.lists,
      kv_price_usd: price,
    },
    bars: {
      wrong_answers: { max: 0 },
      cache_errors: { max: 0 },
      hit_ratio: { min: 0.5 },
      statements_of_100_identical_reads: { max: 1 },
    },
    command: 'npm run demo',
    ...(json === undefined ? {} : { json }),
  });
}
