import type { MemoryDatabase } from '../database/memory.ts';
import type { Op } from '../generate/op.ts';
import { performPlainly } from '../plain.ts';
import type { PrismaClient } from '../schema/client.ts';
import type { LoadedSchema } from '../schema/load.ts';
import type { ModelInfo } from '../schema/metadata.ts';
import { canonicalResult } from './canonical.ts';
import type { OpRun } from './perform.ts';
import type { Snapshot } from './snapshot.ts';
import { isUnstable, State } from './state.ts';

/** How a planned write and a plain one differ. */
export interface Difference {
  readonly plain: string;
  readonly planned: string;
}

/** A second database that does plainly what the first one does by plan: both must return the same and hold the same. */
export class Twin {
  readonly #schema: LoadedSchema;
  readonly #database: MemoryDatabase;
  readonly #client: PrismaClient;
  readonly #models: readonly ModelInfo[];
  readonly #state: State;

  constructor(
    schema: LoadedSchema,
    database: MemoryDatabase,
    client: PrismaClient,
    models: readonly ModelInfo[],
  ) {
    this.#schema = schema;
    this.#database = database;
    this.#client = client;
    this.#models = models;
    this.#state = new State(schema.info, database, client, models);
  }

  /** Before the write: the same rows. */
  follow(original: MemoryDatabase): void {
    this.#database.copyFrom(original);
  }

  /** After the write: does it again, plainly. @param now - what the first database holds */
  async compare(op: Op, run: OpRun, now: Snapshot): Promise<Difference | undefined> {
    const { result, error } = await performPlainly(this.#schema.info, this.#client, op);
    const outcomes = [
      this.#outcome(op, result, error),
      this.#outcome(op, run.runs[0]?.result, run.error),
    ];
    await this.#state.refresh();
    const [plain, planned] = [this.#state.now, now].map((snapshot, index) => {
      const rows = this.#models.map((model) => this.#contents(model, snapshot));
      return [outcomes[index], ...rows].join('\n');
    });
    if (plain === undefined || planned === undefined || plain === planned) return undefined;
    return { plain, planned };
  }

  #outcome(op: Op, result: unknown, error: unknown): string {
    if (error !== undefined) return 'error';
    if (op.kind !== 'write') return 'done';
    return canonicalResult(this.#schema.info, op.operation, result, isUnstable);
  }

  #contents(model: ModelInfo, snapshot: Snapshot): string {
    const read = { model: model.name, action: 'findMany', args: {} };
    const rows = snapshot.rows(model.name);
    const links = model.relations
      .filter(({ side }) => side === 'join')
      .map((relation) =>
        rows.reduce((sum, row) => sum + snapshot.related(relation, row).length, 0),
      );
    const text = canonicalResult(this.#schema.info, read, rows, isUnstable);
    return [model.name, text, ...links].join(' ');
  }
}
