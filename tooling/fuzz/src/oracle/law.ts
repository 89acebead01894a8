import { planRead, type Granularity, type ReadOperation } from '@boost/core';
import type { FuzzDatabase } from '../database/database.ts';
import { isMemoryDatabase, type MemoryDatabase } from '../database/memory.ts';
import { chooseFocus, type Generator, type Operation } from '../generate/context.ts';
import { randomOp, type Op } from '../generate/op.ts';
import { read } from '../generate/read.ts';
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
import { intersects, PooledRead, type Answer } from './reads.ts';
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
  /** Most reads that are asked again after each write. @defaultValue 24 */
  readonly poolSize?: number;
  /** Most reads that are worked out after each write. @defaultValue 100 */
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
      betweenWriters: (run) =>
        this.#check({ kind: 'write', operation: run.runs[0]?.operation as Operation }, run),
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
    const empty = this.#focus.filter((model) => this.#state.isEmpty(model));
    const op =
      empty.length > 0 && random.chance(0.5)
        ? this.#populate(random.pick(empty))
        : randomOp(this.#generator);
    await this.write(op);
  }

  async write(op: Op): Promise<void> {
    const { metrics, database } = this.#options;
    const compared = isMemoryDatabase(database) && op.kind !== 'duel' ? this.#twin : undefined;
    if (isMemoryDatabase(database)) compared?.follow(database);
    let run: OpRun;
    try {
      run = await perform(this.#performer, op);
    } catch (error) {
      this.#history.push(op);
      this.#report('crash', { op, note: String((error as Error).stack) });
      await this.#state.refresh();
      for (const pooled of this.#pool) pooled.answer = await pooled.ask(this.#options.client);
      return;
    }
    metrics.writes += 1;
    if (run.error !== undefined) metrics.failedWrites += 1;
    await this.#check(op, run);
    const difference = await compared?.compare(op, run, this.#state.now);
    if (difference !== undefined) {
      this.#report('effect', {
        op,
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
    const { schema, views, client, metrics } = this.#options;
    const operation = read(this.#generator);
    let pooled: PooledRead;
    try {
      pooled = new PooledRead(schema.info, views, operation);
    } catch (error) {
      this.#report('crash', { read: operation, note: String((error as Error).stack) });
      return;
    }
    pooled.answer = await pooled.ask(client);
    const plain = await pooled.askPlainly(client);
    metrics.reads += 1;
    if (plain !== pooled.answer.text) {
      this.#report('shape', { read: operation, before: plain, after: pooled.answer.text });
    }
    if (pooled.answer.deps !== undefined) this.#pool.push(pooled);
  }

  /** Asks the pool again and holds what has changed against what was bumped. */
  async #check(op: Op, run: OpRun): Promise<void> {
    const { client, metrics, random, views } = this.#options;
    const earlier = this.#state.now;
    const changed = await this.#state.refresh();
    this.#probe(op, run, earlier, changed);
    views.forEach((_, index) => {
      if (run.bumps[index] === undefined) metrics.unknown += 1;
    });
    const all = random.chance(0.02);
    for (const pooled of this.#pool) {
      const before = pooled.answer;
      const touched = all || [...pooled.tables].some((table) => changed.has(table));
      if (touched) {
        pooled.answer = await pooled.ask(client);
        metrics.reads += 1;
      } else metrics.untouched += 1;
      this.#compare(op, run, pooled.operation, before, pooled.answer);
    }
  }

  /** Reads that nobody asked: worked out from what the tables held before and after. */
  #probe(op: Op, run: OpRun, earlier: Snapshot, changed: ReadonlySet<string>): void {
    const { schema, views, metrics, random, probes: most = 100 } = this.#options;
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
      this.#compare(op, run, read, { text: was, deps }, { text: is, worked: true });
    }
  }

  #compare(op: Op, run: OpRun, read: Operation, before: Answer, after: Answer): void {
    const { metrics, views } = this.#options;
    const { deps } = before;
    if (deps === undefined) return;
    const same = before.text === after.text;
    const worked = after.worked === true;
    if (!same && !worked) metrics.changed += 1;
    views.forEach(({ granularity }, index) => {
      const own = deps[index];
      const bumps = run.bumps[index];
      const fence = run.fences[index];
      if (own === undefined || bumps === undefined || fence === undefined) return;
      const hit = intersects(own, bumps);
      if (!worked) metrics.count(granularity, hit, same);
      if (same) return;
      const found = {
        op,
        read,
        before: before.text,
        after: after.text,
        deps: [...own],
        granularity,
      };
      if (!hit) this.#report('stale', { ...found, bumps: [...bumps] });
      else if (run.runs.length > 0 && !intersects(own, fence)) {
        this.#report('unfenced', { ...found, bumps: [...fence] });
      }
    });
  }

  #report(kind: FindingKind, found: Partial<Omit<Finding, 'kind' | 'case'> & Case>): void {
    const { schema, database, settings, seed, onFinding, views } = this.#options;
    const { op, read, granularity = leadingView(views), ...rest } = found;
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
        history: [...this.#history],
        ...(op === undefined ? {} : { op }),
        ...(read === undefined ? {} : { read }),
      },
    });
  }
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
