import { planRead, type Granularity, type ReadOperation } from '@boost/core';
import type { FuzzDatabase } from '../database/database.ts';
import { isMemoryDatabase, type MemoryDatabase } from '../database/memory.ts';
import { chooseFocus, type Generator, type Operation } from '../generate/context.ts';
import { OP_WEIGHTS, randomOp, type Op, type OpWeights } from '../generate/op.ts';
import { moveAndReach } from '../generate/move.ts';
import { narrowRead, read } from '../generate/read.ts';
import { createData } from '../generate/data.ts';
import type { Random } from '../random.ts';
import type { Delegate, PrismaClient } from '../schema/client.ts';
import type { LoadedSchema } from '../schema/load.ts';
import { modelOf, type ModelInfo } from '../schema/metadata.ts';
import { canonicalResult } from './canonical.ts';
import type { Case, Finding, FindingKind } from './finding.ts';
import type { Metrics } from './metrics.ts';
import { perform, type OpRun, type Performer } from './perform.ts';
import { probesOf, project, rowChanges } from './probes.ts';
import { intersects, PooledRead, type Answer, type Entry } from './reads.ts';
import type { Snapshot } from './snapshot.ts';
import { State } from './state.ts';
import { Twin } from './twin.ts';
import type { View, ViewSettings } from './views.ts';

export interface LawOptions {
  readonly schema: LoadedSchema;
  readonly database: FuzzDatabase;
  readonly client: PrismaClient;
  readonly views: readonly View[];
  readonly settings: ViewSettings;
  readonly random: Random;
  readonly seed: number;
  readonly metrics: Metrics;
  readonly onFinding: (finding: Finding) => void;
  /** A second database that does plainly what the first one does by plan. */
  readonly twin?: MemoryDatabase;
  /** How often what happens. @defaultValue `OP_WEIGHTS` */
  readonly weights?: OpWeights;
  /** Most reads that are asked again after each write. @defaultValue 24 */
  readonly poolSize?: number;
  /** Most reads that are worked out after each write. @defaultValue 600 */
  readonly probes?: number;
}

/**
 * One run over one database, from empty: random writes, and after each of them every pooled read again. Whatever has changed
 * must have been bumped.
 */
export class LawSession {
  readonly #options: LawOptions;
  readonly #focus: readonly ModelInfo[];
  readonly #generator: Generator;
  readonly #state: State;
  readonly #performer: Performer;
  readonly #twin: Twin | undefined;
  readonly #history: Op[] = [];
  #pool: PooledRead[] = [];
  #between: Between | undefined;

  constructor(options: LawOptions) {
    const { schema, random, client, database, views } = options;
    this.#options = options;
    this.#focus = chooseFocus(random, schema.info, random.int(2, 5));
    this.#state = new State(schema.info, database, client, this.#focus);
    if (options.twin !== undefined) {
      const follower = schema.createClient(options.twin.adapter());
      this.#twin = new Twin(schema, options.twin, follower, this.#focus);
    }
    this.#generator = {
      random,
      schema: schema.info,
      focus: this.#focus,
      reference: ({ model, name }) =>
        (client[modelOf(schema.info, model).delegate] as Delegate).fields[name],
      rows: (model) => this.#state.stableRows(model),
      related: (relation, row) => this.#state.stableRelated(relation, row),
    };
    this.#performer = {
      schema: schema.info,
      client,
      views,
      transactions: database.transactions,
      ...(database.beforeStatements === undefined
        ? {}
        : { beforeStatements: database.beforeStatements }),
      betweenWriters: (run) => {
        const operation = run.runs[0]?.operation as Operation;
        return this.#check({ kind: 'write', operation }, run, this.#history.length);
      },
      betweenStatements: () => this.#lookBetween(),
    };
  }

  async start(): Promise<void> {
    await this.#options.database.reset();
    this.#options.metrics.sessions += 1;
    await this.#state.refresh();
    for (let round = 0; round < 2; round++) {
      for (const model of parentsFirst(this.#focus)) {
        for (let i = 0; i < 2; i++) await this.write(this.#populate(model));
      }
    }
  }

  /** One write with everything that follows from it. */
  async step(): Promise<void> {
    const { random, poolSize = 24 } = this.#options;
    while (this.#pool.length < poolSize) await this.#addRead();
    if (random.chance(0.3)) {
      this.#pool.splice(random.int(0, this.#pool.length - 1), 1);
      await this.#addRead();
    }
    if (random.chance(0.05)) {
      for (const operation of moveAndReach(this.#generator)) {
        await this.write({ kind: 'write', operation });
      }
      return;
    }
    const empty = this.#focus.filter((model) => this.#state.isEmpty(model));
    const op =
      empty.length > 0 && random.chance(0.5)
        ? this.#populate(random.pick(empty))
        : randomOp(this.#generator, this.#options.weights ?? OP_WEIGHTS);
    await this.write(op);
  }

  /** The session cannot go on: whatever was thrown is a finding, nothing that is passed over. */
  abandon(error: unknown): void {
    this.#report('crash', { note: `Abandoned: ${String((error as Error).stack)}` });
  }

  async write(op: Op): Promise<void> {
    const { metrics, database } = this.#options;
    const compared = isMemoryDatabase(database) && op.kind !== 'duel' ? this.#twin : undefined;
    if (isMemoryDatabase(database)) compared?.follow(database);
    let run: OpRun;
    try {
      run = await perform(this.#performer, op);
    } catch (error) {
      this.#report('crash', { ops: [op], note: String((error as Error).stack) });
      this.#history.push(op);
      await this.#state.refresh();
      this.#pool = [];
      return;
    }
    metrics.writes += 1;
    if (run.error !== undefined) metrics.failedWrites += 1;
    await this.#check(op, run, this.#history.length + 1);
    const difference = await compared?.compare(op, run, this.#state.now);
    if (difference !== undefined) {
      this.#report('effect', {
        ops: [op],
        before: difference.plain,
        after: difference.planned,
        // The databases themselves are not always the same twice: the order in which Prisma splits a statement is not.
        worked: true,
      });
    }
    this.#history.push(op);
  }

  #populate(model: ModelInfo): Op {
    const data = createData(this.#generator, model, { depth: 0 });
    return { kind: 'write', operation: { model: model.name, action: 'create', args: { data } } };
  }

  async #addRead(): Promise<void> {
    const { schema, views, client, metrics, random } = this.#options;
    const operation = random.chance(0.2) ? narrowRead(this.#generator) : read(this.#generator);
    let pooled: PooledRead;
    try {
      pooled = new PooledRead(schema.info, views, operation);
    } catch (error) {
      this.#report('crash', { read: operation, note: String((error as Error).stack) });
      return;
    }
    pooled.latest = await pooled.ask(client);
    const plain = await pooled.askPlainly(client);
    metrics.reads += 1;
    if (plain !== pooled.latest.text) {
      this.#report('shape', { read: operation, before: plain, after: pooled.latest.text });
    }
    if (pooled.latest.deps === undefined) return;
    views.forEach((_, view) => pooled.fill(view, this.#history.length));
    this.#pool.push(pooled);
  }

  /** Asks the pool again and holds what has changed against what was bumped. @param done - ops that have happened */
  async #check(op: Op, run: OpRun, done: number): Promise<void> {
    const { client, metrics, random, views } = this.#options;
    const between = this.#between;
    this.#between = undefined;
    const earlier = between?.earlier ?? this.#state.now;
    const changedLast = await this.#state.refresh();
    const changed = new Set([...changedLast, ...(between?.changed ?? [])]);
    this.#probe(op, run, earlier, changed);
    if (between !== undefined && run.last !== undefined) {
      this.#probe(op, run.last, between.snapshot, changedLast);
    }
    views.forEach((_, view) => {
      if (run.bumps[view] === undefined) metrics.unknown += 1;
    });
    const all = random.chance(0.02);
    for (const pooled of this.#pool) {
      const before = pooled.latest.text;
      if (all || [...pooled.tables].some((table) => changed.has(table))) {
        pooled.latest = await pooled.ask(client);
        metrics.reads += 1;
      } else metrics.untouched += 1;
      if (pooled.latest.text !== before) metrics.changed += 1;
      metrics.countExpiry(pooled.expiryAnswer(metrics.writes));
      const stored = between?.answers.get(pooled);
      views.forEach((_, view) => {
        const deps = stored?.deps?.[view];
        if (stored !== undefined && deps !== undefined && run.last !== undefined) {
          const entry = { text: stored.text, deps, filledAt: this.#history.length };
          const { text } = pooled.latest;
          this.#judge(op, run.last, { read: pooled.operation, entry, text, view, worked: false });
        }
        this.#checkEntry(op, run, pooled, view, done);
      });
    }
  }

  /** What everyone would store who reads while a write is under way. */
  async #lookBetween(): Promise<void> {
    const earlier = this.#state.now;
    const changed = await this.#state.refresh();
    const answers = new Map<PooledRead, Answer>();
    for (const pooled of this.#pool) {
      const isSame = ![...pooled.tables].some((table) => changed.has(table));
      answers.set(pooled, isSame ? pooled.latest : await pooled.ask(this.#options.client));
    }
    this.#between = { earlier, changed, snapshot: this.#state.now, answers };
  }

  /** What is stored of a read in one view: valid as long as nothing of what it was stored under was bumped. */
  #checkEntry(op: Op, run: OpRun, pooled: PooledRead, view: number, done: number): void {
    const { metrics, views } = this.#options;
    const entry = pooled.entry(view);
    const bumps = run.bumps[view];
    const granularity = views[view]?.granularity;
    if (entry === undefined || bumps === undefined || granularity === undefined) {
      pooled.fill(view, done);
      return;
    }
    const { text } = pooled.latest;
    const hit = intersects(entry.deps, bumps);
    metrics.count(granularity, hit, entry.text === text);
    this.#judge(op, run, { read: pooled.operation, entry, text, view, worked: false });
    if (hit || entry.text !== text) pooled.fill(view, done);
  }

  /** Reads that nobody asked: worked out from what the tables held before and after. */
  #probe(op: Op, run: OpRun, earlier: Snapshot, changed: ReadonlySet<string>): void {
    const { schema, views, metrics, random, probes: most = 600 } = this.#options;
    const { now } = this.#state;
    const changes = this.#focus.flatMap((model) => rowChanges(model, changed, earlier, now));
    const all = changes.flatMap((change) => [...probesOf(schema.info, change, [earlier, now])]);
    for (const { read, evaluate } of random.sample(all, most, most)) {
      const before = evaluate(earlier);
      const [was, is] = [before, evaluate(now)].map((result) =>
        canonicalResult(schema.info, read, project(read.args, result)),
      );
      if (was === undefined || is === undefined || was === is) continue;
      metrics.probes += 1;
      const deps = views.map(({ context }) => {
        const plan = planRead(context, read as ReadOperation);
        return new Set(plan.dependencies(project(plan.args, before)));
      });
      views.forEach((_, view) => {
        const entry = { text: was, deps: deps[view] ?? new Set(), filledAt: this.#history.length };
        this.#judge(op, run, { read, entry, text: is, view, worked: true });
      });
    }
  }

  #judge(op: Op, run: OpRun, { read, entry, text, view, worked }: Judged): void {
    const bumps = run.bumps[view];
    const fence = run.fences[view];
    const granularity = this.#options.views[view]?.granularity;
    if (entry.text === text || bumps === undefined || fence === undefined) return;
    const ops = [...this.#history.slice(entry.filledAt), op];
    const found = {
      read,
      before: entry.text,
      after: text,
      deps: [...entry.deps],
      worked,
      history: this.#history.slice(0, entry.filledAt),
      ops,
      ...(granularity === undefined ? {} : { granularity }),
    };
    if (!intersects(entry.deps, bumps)) this.#report('stale', { ...found, bumps: [...bumps] });
    else if (run.runs.length > 0 && !intersects(entry.deps, fence)) {
      this.#report('unfenced', { ...found, bumps: [...fence] });
    }
  }

  #report(kind: FindingKind, found: Partial<Omit<Finding, 'kind' | 'case'> & Case>): void {
    const { schema, database, settings, seed, onFinding, views } = this.#options;
    const { read, granularity = leadingView(views), ...others } = found;
    const { ops = [], history = [...this.#history], ...rest } = others;
    onFinding({
      kind,
      seed,
      before: '',
      after: '',
      deps: [],
      bumps: [],
      ...rest,
      case: {
        schema: schema.name,
        database: database.kind,
        granularity,
        settings,
        history,
        ops,
        ...(read === undefined ? {} : { read }),
      },
    });
  }
}

interface Between {
  readonly earlier: Snapshot;
  /** Tables that had changed by then. */
  readonly changed: ReadonlySet<string>;
  readonly snapshot: Snapshot;
  readonly answers: ReadonlyMap<PooledRead, Answer>;
}

interface Judged {
  readonly read: Operation;
  readonly entry: Entry;
  /** What the database says now. */
  readonly text: string;
  readonly view: number;
  readonly worked: boolean;
}

/** The view whose plan reaches the database. */
function leadingView(views: readonly View[]): Granularity {
  return views.find(({ granularity }) => granularity !== 'model')?.granularity ?? 'model';
}

/** Models in an order in which each comes after those that its rows cannot be without, as far as there is one. */
export function parentsFirst(models: readonly ModelInfo[]): readonly ModelInfo[] {
  const ordered: ModelInfo[] = [];
  const visit = (model: ModelInfo, path: readonly string[]): void => {
    if (ordered.includes(model) || path.includes(model.name)) return;
    for (const { side, required, target } of model.relations) {
      const parent = models.find(({ name }) => name === target);
      if (side === 'key' && required && parent !== undefined) visit(parent, [...path, model.name]);
    }
    ordered.push(model);
  };
  for (const model of models) visit(model, []);
  return ordered;
}
