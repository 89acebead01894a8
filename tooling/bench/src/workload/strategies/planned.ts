import { isDeepStrictEqual } from 'node:util';
import {
  createPlanContext,
  planRead,
  planWrite,
  type PlanContext,
  type PlanLimits,
  type ReadOperation,
  type Scope,
  type WriteOperation,
  type WriteRunner,
} from '@boost/core';
import { Entries } from './entries.ts';
import type { Drop, Entry, Strategy, World } from './strategy.ts';

/** Boost's own planner: an entry lives until a write bumps a scope that it depends on. */
export class PlannedStrategy implements Strategy {
  mostScopes = 0;
  readonly #world: World;
  readonly #context: PlanContext;
  readonly #entries = new Entries();
  readonly #byScope = new Map<Scope, Set<string>>();
  readonly #scopes = new Map<string, readonly Scope[]>();

  constructor(world: World, limits: Pick<PlanLimits, 'granularity' | 'maxScopes'>) {
    this.#world = world;
    const bulk = { maxBulkRows: 600, maxParameters: 1000 };
    this.#context = createPlanContext(world.tables.schema, { ...bulk, ...limits });
  }

  find(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  fill(key: string, operation: ReadOperation): Promise<Entry> {
    const plan = planRead(this.#context, operation);
    if (plan.uncacheable !== undefined) throw new RangeError(plan.uncacheable);
    const result = this.#world.truth.now(key, operation);
    const isWidened = plan.args !== operation.args;
    const asked = { ...operation, args: plan.args };
    const widened = isWidened ? this.#world.tables.read(asked) : result;
    const scopes = plan.dependencies(widened);
    if (isWidened && !isDeepStrictEqual(plan.strip(widened), result)) {
      throw new RangeError(`the planned read returned something else: ${key}`);
    }
    this.mostScopes = Math.max(this.mostScopes, scopes.length);
    this.#scopes.set(key, scopes);
    for (const scope of scopes) {
      const keys = this.#byScope.get(scope) ?? new Set();
      this.#byScope.set(scope, keys.add(key));
    }
    return Promise.resolve(this.#entries.set({ key, operation, result }));
  }

  async write(operation: WriteOperation): Promise<void> {
    const { tables } = this.#world;
    const runner: WriteRunner = {
      run: (action, args) => Promise.resolve(tables.write({ ...operation, action, args })),
      isNotFound: () => false,
      images: {
        findMany: (model, args) => {
          this.#world.countRead();
          const rows = tables.read({ model, action: 'findMany', args });
          return Promise.resolve(rows as Record<string, unknown>[]);
        },
      },
    };
    const { bumps } = await planWrite(this.#context, operation).execute(runner);
    for (const scope of bumps) {
      for (const key of [...(this.#byScope.get(scope) ?? [])]) this.#drop(key, scope);
    }
  }

  takeDrops(): readonly Drop[] {
    return this.#entries.takeDrops();
  }

  #drop(key: string, cause: Scope): void {
    for (const scope of this.#scopes.get(key) ?? []) this.#byScope.get(scope)?.delete(key);
    this.#scopes.delete(key);
    this.#entries.drop(key, cause);
  }
}
