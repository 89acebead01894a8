import type { InvalidateEvent } from '@boost/core';
import { ALL, INVALIDATION, PAIR_KIND, WRITE_KIND } from './layout.js';
import { fitted, merged, type Row } from './row.js';

const COLUMNS = 15;
const MAXIMA: ReadonlySet<number> = new Set([
  INVALIDATION.mostRows,
  INVALIDATION.mostDeletes,
  INVALIDATION.mostLists,
]);
/** From this many on they are added up while they are collected. */
const MAX_KEPT = 200;
/** Reasons that name a cap or a budget. */
const EXCEEDED = /\b(?:row-budget|put-budget|max-lists|max-deletes|budget)\b/;
const MODEL = /^\w+/;
const ROW = /^\w+:/;

/** The invalidations of a request, one by one, and the models that they reached. */
export class InvalidationRows {
  #writes: Row[] = [];
  readonly #pairs = new Map<string, Row>();

  get size(): number {
    return this.#writes.length + this.#pairs.size;
  }

  add(event: InvalidateEvent): void {
    const { model, scopes, puts, deleted, deletes, lists, reads } = event;
    const reason = event.fallbackReason ?? '';
    const tenant = event.tenant ?? '';
    const isExceeded = EXCEEDED.test(reason);
    const rows = rowsIn(scopes);
    const doubles = [
      ...[1, deleted, scopes.length, puts, lists, deletes, reads, rows, event.costEstimate],
      ...[Number(event.incomplete), Number(isExceeded), Number(reason !== '')],
      ...[rows, deletes, lists],
    ];
    const flag = isExceeded ? '1' : '0';
    this.#writes.push({
      index: model,
      blobs: [WRITE_KIND, reason, flag, model, '', tenant],
      doubles,
      coarseKey: `${model} ${flag}`,
      events: 1,
    });
    if (this.#writes.length > MAX_KEPT) this.#writes = merged(this.#writes, MAXIMA);
    for (const target of targetsOf(event)) this.#addPair(model, target, flag);
  }

  /** At most `mostWrites` and `mostPairs` rows. */
  take(mostWrites: number, mostPairs: number): Row[] {
    const rest = (kind: string) => (row: Row) => ({
      ...row,
      index: kind === WRITE_KIND ? ALL : `${ALL}>${ALL}`,
      blobs: [kind, '', row.blobs[2] ?? '0', ALL, kind === WRITE_KIND ? '' : ALL, ''],
      doubles: [...row.doubles],
    });
    const rows = [
      ...fitted(this.#writes, mostWrites, MAXIMA, rest(WRITE_KIND)),
      ...fitted([...this.#pairs.values()], mostPairs, MAXIMA, rest(PAIR_KIND)),
    ];
    this.#writes = [];
    this.#pairs.clear();
    return rows;
  }

  get writes(): number {
    return this.#writes.length;
  }

  get pairs(): number {
    return this.#pairs.size;
  }

  #addPair(model: string, target: string, flag: string): void {
    const index = `${model}>${target}`;
    const known = this.#pairs.get(index);
    if (known !== undefined) {
      known.events += 1;
      known.doubles[0] = (known.doubles[0] ?? 0) + 1;
      return;
    }
    const doubles = new Array<number>(COLUMNS).fill(0);
    doubles[INVALIDATION.invalidations - 1] = 1;
    const blobs = [PAIR_KIND, '', flag, model, target, ''];
    this.#pairs.set(index, { index, blobs, doubles, coarseKey: index, events: 1 });
  }
}

/** The models whose cached results an invalidation is about, those that show it through a relation included. */
export function targetsOf({
  model,
  scopes,
  affected,
}: Pick<InvalidateEvent, 'model' | 'scopes' | 'affected'>): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const scope of scopes) {
    // Tags are about no model.
    if (scope.startsWith('tag:')) continue;
    const [target = model] = MODEL.exec(scope) ?? [];
    targets.add(target);
  }
  for (const row of affected) if (row.model !== ALL) targets.add(row.model);
  return targets;
}

/** Rows that the scopes name, each once however many of its fields changed. */
function rowsIn(scopes: readonly string[]): number {
  const rows = new Set<string>();
  for (const scope of scopes) {
    if (scope.startsWith('tag:') || !ROW.test(scope)) continue;
    const at = scope.lastIndexOf('#');
    rows.add(at < 0 ? scope : scope.slice(0, at));
  }
  return rows.size;
}
