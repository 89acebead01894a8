import type { Granularity, Scope } from '../scope/scope.js';

export type ReadAction =
  | 'findUnique'
  | 'findUniqueOrThrow'
  | 'findFirst'
  | 'findFirstOrThrow'
  | 'findMany'
  | 'count'
  | 'aggregate'
  | 'groupBy';

export type WriteAction =
  | 'create'
  | 'createMany'
  | 'createManyAndReturn'
  | 'update'
  | 'updateMany'
  | 'updateManyAndReturn'
  | 'upsert'
  | 'delete'
  | 'deleteMany';

/** Arguments as Prisma's client takes them: plain objects, arrays, and Prisma's value types. */
export type Args = Readonly<Record<string, unknown>>;

/** One operation on one model, in Prisma's own vocabulary. */
export interface Operation<Action extends string = ReadAction | WriteAction> {
  readonly model: string;
  readonly action: Action;
  readonly args: Args;
  /** Client-level `omit`: model → field → omitted. */
  readonly omit?: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** Fields by model that the client loads for computed fields (`needs` of result extensions) whatever is selected. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

export type ReadOperation = Operation<ReadAction>;
export type WriteOperation = Operation<WriteAction>;

export interface PlanLimits {
  readonly granularity: Granularity;
  /** Most scopes of a dependency set before it is folded. */
  readonly maxScopes: number;
  /** Most rows of a bulk write, a nested write or a referential action whose images are read. */
  readonly maxBulkRows: number;
  /** The same for bulk writes of single models, where less was found to do. */
  readonly rowCaps?: Readonly<Record<string, number>>;
  /** Largest number of parameters in one statement (D1: 100). */
  readonly maxParameters: number;
}

/**
 * What a read depends on, and how to ask so that it can be known.
 *
 * The dependency set has two parts: what follows from the arguments (`scopes`), and what only the result tells. At granularity
 * `model` everything follows from the arguments and the query goes to the database as it is.
 */
export interface ReadPlan {
  /** Known before the database is read; a subset of what `dependencies` returns unless that folds. */
  readonly scopes: readonly Scope[];
  /** The arguments to send: the caller's, widened by the keys that the planner must see. The same object when nothing was added. */
  readonly args: Args;
  /** The whole dependency set of this result, folded to `maxScopes`. `result` is what the widened query returned. */
  dependencies(result: unknown): readonly Scope[];
  /** The result as the caller asked for it: removes what was added, in place, and returns it. */
  strip(result: unknown): unknown;
  /** Set when the read must not be cached, with the reason. */
  readonly uncacheable?: string;
}

/** Reads that a write needs, always of current rows, never from a cache; inside the caller's transaction where there is one. */
export interface ImageReader {
  findMany(model: string, args: Args): Promise<readonly Record<string, unknown>[]>;
}

/** How the planner runs the write itself. Each call reaches the database once. */
export interface WriteRunner {
  /** Runs an operation on the operation's model: the caller's own action or the one that returns rows. */
  run(action: WriteAction, args: Args): Promise<unknown>;
  /** Whether `error` says that no row matched the `where` of an update or delete. */
  isNotFound(error: unknown): boolean;
  /** Absent where nothing but the operation itself can run (an element of a batch transaction). */
  readonly images?: ImageReader;
}

export interface WritePlan {
  /** Covers everything that the write may bump: for the fence, and for an unknown outcome. */
  readonly fence: readonly Scope[];
  /**
   * Performs the write at the least cost that tells what changed. It may call `run` more than once, each call a statement of its
   * own: when a later one fails, what the earlier ones changed stays changed.
   *
   * @throws what the database throws, unchanged
   */
  execute(runner: WriteRunner): Promise<WriteOutcome>;
}

export interface WriteOutcome {
  /** In the caller's shape, whatever was sent to the database. */
  readonly result: unknown;
  readonly bumps: readonly Scope[];
  /** Why the bump set is coarser than the rows that changed, when it is: `row-budget`, `blind`, `concurrent-writer`, … */
  readonly imprecise?: string;
}
