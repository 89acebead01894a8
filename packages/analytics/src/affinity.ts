import { optionError } from '@boost/core';
import { numberIn, textIn, type SqlRow } from './sql/sql-api.js';

/** How often writes to one model invalidate another: a row of `affinity`. */
export interface ModelPair {
  readonly mutated: string;
  readonly target: string;
  readonly invalidations: number;
}

/** @throws BoostError `BOOST_ANALYTICS_FAILED` where a row is not one of `affinity` */
export function modelPair(row: SqlRow): ModelPair {
  return {
    mutated: textIn(row, 'mutated'),
    target: textIn(row, 'target'),
    invalidations: numberIn(row, 'invalidations'),
  };
}

/** How much more than its share of all writes a group may have. */
const SLACK = 1.5;
/** Share of a model's writes from which on what they invalidate belongs with it. */
const COMMON = 0.5;

interface Group {
  readonly models: string[];
  /** Writes to its models. */
  load: number;
}

/**
 * Divides models among groups (shards), so that what a write invalidates is in one: models whose writes need the least room for it
 * are joined first with what they invalidate, as long as no group has more than one and a half times its share of the writes. The
 * same pairs give the same groups.
 *
 * @returns models by group: the largest first, none empty
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function placementHints(
  pairs: readonly ModelPair[],
  groups: number,
): readonly (readonly string[])[] {
  if (!(Number.isInteger(groups) && groups >= 1)) {
    throw optionError('groups', groups, 'give a whole number, 1 or more');
  }
  const writes = new Map<string, number>();
  for (const { mutated, target, invalidations } of pairs) {
    writes.set(mutated, Math.max(writes.get(mutated) ?? 0, invalidations));
    writes.set(target, writes.get(target) ?? 0);
  }
  const groupOf = new Map<string, Group>(
    [...writes].map(([model, load]) => [model, { models: [model], load }]),
  );
  const total = [...writes.values()].reduce((sum, load) => sum + load, 0);
  const most = (total / groups) * SLACK;
  for (const { models } of together(pairs, writes)) {
    const joined = new Set(models.map((model) => groupOf.get(model) as Group));
    const load = [...joined].reduce((sum, group) => sum + group.load, 0);
    const [into, ...others] = joined;
    if (into === undefined || load > most) continue;
    for (const from of others) join(groupOf, into, from);
  }
  // What is left over goes where there is most room.
  for (;;) {
    const left = [...new Set(groupOf.values())].sort(byLoad);
    const [from, into] = [left.at(-1), left.at(-2)];
    if (left.length <= groups || from === undefined || into === undefined) {
      return left.map(({ models }) => models.toSorted(order));
    }
    join(groupOf, into, from);
  }
}

/** What the writes of each model commonly invalidate, the most writes for the least room first. */
function together(
  pairs: readonly ModelPair[],
  writes: ReadonlyMap<string, number>,
): { readonly models: readonly string[] }[] {
  const writesOf = (model: string): number => writes.get(model) ?? 0;
  return [...writes.keys()]
    .map((model) => {
      const common = pairs.filter(
        ({ mutated, invalidations }) =>
          mutated === model && invalidations >= writesOf(model) * COMMON,
      );
      const models = [...new Set([model, ...common.map(({ target }) => target)])];
      const room = models.reduce((sum, each) => sum + writesOf(each), 0);
      return { model, models, worth: room === 0 ? 0 : writesOf(model) / room };
    })
    .filter(({ models }) => models.length > 1)
    .sort((a, b) => b.worth - a.worth || order(a.model, b.model));
}

function join(groupOf: Map<string, Group>, into: Group, from: Group): void {
  into.load += from.load;
  into.models.push(...from.models);
  for (const model of from.models) groupOf.set(model, into);
}

function byLoad(a: Group, b: Group): number {
  return b.load - a.load || order(a.models[0] ?? '', b.models[0] ?? '');
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
