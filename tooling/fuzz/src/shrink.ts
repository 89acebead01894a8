import type { Op } from './generate/op.ts';
import { isPlain } from './oracle/canonical.ts';
import type { Case } from './oracle/finding.ts';

export interface ShrinkOptions {
  /** Most times that a smaller case is tried. @defaultValue 1500 */
  readonly attempts?: number;
}

/**
 * Makes a failing case smaller while it still fails: fewer operations (delta debugging), then simpler operations, then simpler
 * arguments and settings, until nothing can be left out.
 */
export async function shrink(
  failing: Case,
  fails: (candidate: Case) => Promise<boolean>,
  options: ShrinkOptions = {},
): Promise<Case> {
  let attempts = options.attempts ?? 1_500;
  let best = failing;
  const tryCase = async (candidate: Case): Promise<boolean> => {
    if (attempts-- <= 0 || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  let before: Case;
  do {
    before = best;
    await shrinkList('history', () => best, tryCase);
    await shrinkList('ops', () => best, tryCase);
    await shrinkBy(() => best, tryCase, simplerOps);
    await shrinkBy(() => best, tryCase, simplerArguments);
    await shrinkBy(() => best, tryCase, simplerSettings);
  } while (best !== before && attempts > 0);
  return best;
}

type TryCase = (candidate: Case) => Promise<boolean>;

/** Leaves out halves, quarters, … of a list of ops. */
async function shrinkList(
  name: 'history' | 'ops',
  best: () => Case,
  tryCase: TryCase,
): Promise<void> {
  const half = (size: number): number => (size === 1 ? 0 : Math.ceil(size / 2));
  for (let size = Math.ceil(best()[name].length / 2); size >= 1; size = half(size)) {
    for (let start = 0; start < best()[name].length;) {
      const list = best()[name];
      const shorter = [...list.slice(0, start), ...list.slice(start + size)];
      if (!(await tryCase({ ...best(), [name]: shorter }))) start += size;
    }
  }
}

/** Tries candidates one after the other, from the start again after each success. */
async function shrinkBy(
  best: () => Case,
  tryCase: TryCase,
  candidates: (from: Case) => Iterable<Case>,
): Promise<void> {
  for (let again = true; again;) {
    again = false;
    for (const candidate of candidates(best())) {
      if (!(await tryCase(candidate))) continue;
      again = true;
      break;
    }
  }
}

/** The case with each of its ops in turn as `simpler` makes it. */
function* withSimplerOps(from: Case, simpler: (op: Op) => Iterable<Op>): Iterable<Case> {
  for (const name of ['ops', 'history'] as const) {
    for (const [index, old] of from[name].entries()) {
      for (const op of simpler(old)) yield { ...from, [name]: from[name].with(index, op) };
    }
  }
}

function* simplerOps(from: Case): Iterable<Case> {
  const [first, ...later] = from.ops;
  if (first !== undefined && later.length > 0) {
    yield { ...from, history: [...from.history, first], ops: later };
  }
  for (const [index, op] of from.ops.entries()) {
    if (op.kind !== 'transaction') continue;
    const apart = op.operations.map((operation): Op => ({ kind: 'write', operation }));
    yield { ...from, ops: from.ops.toSpliced(index, 1, ...apart) };
  }
  yield* withSimplerOps(from, simplerOp);
}

function* simplerOp(op: Op): Iterable<Op> {
  switch (op.kind) {
    case 'write':
    case 'raw':
    case 'invalidate':
      return;
    case 'duel':
      yield { kind: 'write', operation: op.operation };
      yield { kind: 'write', operation: op.other };
      return;
    case 'transaction':
      for (const operation of op.operations) yield { kind: 'write', operation };
      if (op.operations.length < 2) return;
      for (const index of op.operations.keys()) {
        yield { ...op, operations: op.operations.filter((_, other) => other !== index) };
      }
  }
}

function* simplerArguments(from: Case): Iterable<Case> {
  if (from.read !== undefined) {
    for (const args of simplerValues(from.read.args)) {
      yield { ...from, read: { ...from.read, args: args as Record<string, unknown> } };
    }
  }
  yield* withSimplerOps(from, function* (op) {
    for (const simpler of simplerValues(op)) if (isOp(simpler)) yield simpler;
  });
}

function isOp(value: unknown): value is Op {
  if (!isPlain(value)) return false;
  const operations = [value['operation'], value['other'], value['operations']].flat();
  const given = operations.filter((operation) => operation !== undefined);
  const wanted = value['kind'] === 'duel' ? 2 : 1;
  if (given.length < wanted || (value['kind'] === 'duel' && value['step'] === undefined)) {
    return false;
  }
  return given.every(
    (operation) =>
      isPlain(operation) && 'model' in operation && 'action' in operation && 'args' in operation,
  );
}

/** The value with one part left out, or one wrapper taken off, at any depth. */
function* simplerValues(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) {
    const items = value as unknown[];
    for (const index of items.keys()) yield items.filter((_, other) => other !== index);
    for (const [index, item] of items.entries()) {
      for (const simpler of simplerValues(item)) yield items.with(index, simpler);
    }
    return;
  }
  if (!isPlain(value)) return;
  for (const name of Object.keys(value)) {
    yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
  }
  for (const [name, inner] of Object.entries(value)) {
    if (isPlain(inner) && (name === 'select' || name === 'include')) continue;
    if (isPlain(inner) && Object.keys(inner).length > 0 && !('model' in inner))
      yield { ...value, [name]: true };
    for (const simpler of simplerValues(inner)) yield { ...value, [name]: simpler };
  }
  for (const name of ['select', 'include']) {
    const inner = value[name];
    if (inner === undefined) continue;
    for (const simpler of simplerValues(inner)) yield { ...value, [name]: simpler };
  }
}

function* simplerSettings(from: Case): Iterable<Case> {
  const { limits, options } = from.settings;
  if (Object.keys(options.fieldTracking ?? {}).length > 0) {
    yield { ...from, settings: { limits, options: {} } };
  }
  const generous = { maxScopes: 1_000, maxBulkRows: 150, maxParameters: 30_000 };
  for (const name of Object.keys(generous) as (keyof typeof generous)[]) {
    if (limits[name] === generous[name]) continue;
    yield { ...from, settings: { options, limits: { ...limits, [name]: generous[name] } } };
  }
}
