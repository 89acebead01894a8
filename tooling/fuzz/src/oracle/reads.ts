import { planRead, type ReadOperation, type ReadPlan, type Scope } from '@boost/core';
import type { Operation } from '../generate/context.ts';
import { call, errorCode, type PrismaClient } from '../schema/client.ts';
import { modelOf, type SchemaInfo } from '../schema/metadata.ts';
import { canonicalResult, copyResult } from './canonical.ts';
import { tablesOf } from './tables.ts';
import type { View } from './views.ts';

/** What a read returned, and what each view says it depends on. */
export interface Answer {
  /** Equal where the results are. */
  readonly text: string;
  /** Undefined where the database refused: such an answer is never stored. */
  readonly deps?: readonly ReadonlySet<Scope>[];
}

/** What a cache would hold of a read: it keeps the dependencies that it was stored under, however old. */
export interface Entry {
  readonly text: string;
  readonly deps: ReadonlySet<Scope>;
  /** How many ops had happened when it was stored. */
  readonly filledAt: number;
}

/** Writes after which an entry expires where nothing else removes it. */
const EXPIRY_WRITES = 20;

/** A read that is asked again and again. */
export class PooledRead {
  readonly operation: Operation;
  readonly tables: ReadonlySet<string>;
  readonly #plans: readonly ReadPlan[];
  readonly #leading: ReadPlan;
  readonly #schema: SchemaInfo;
  /** What the database said last. */
  latest: Answer = { text: '' };
  /** By position of the view. */
  readonly #entries: (Entry | undefined)[];
  /** What a cache would hold that only lets entries expire. */
  #expiring: { readonly text: string; readonly filledAt: number } | undefined;

  constructor(schema: SchemaInfo, views: readonly View[], operation: Operation) {
    this.operation = operation;
    this.tables = tablesOf(schema, operation);
    this.#schema = schema;
    this.#entries = views.map(() => undefined);
    this.#plans = views.map(({ context }) => planRead(context, operation as ReadOperation));
    const precise = views.findIndex(({ granularity }) => granularity !== 'model');
    this.#leading = this.#plans[Math.max(precise, 0)] as ReadPlan;
  }

  entry(view: number): Entry | undefined {
    return this.#entries[view];
  }

  /** Stores the latest answer; an error is never stored. */
  fill(view: number, filledAt: number): void {
    const { text, deps } = this.latest;
    const own = deps?.[view];
    this.#entries[view] = own === undefined ? undefined : { text, deps: own, filledAt };
  }

  /** What a cache that only lets entries expire would answer. @param writes - how many have happened */
  expiryAnswer(writes: number): 'hit' | 'stale' | 'miss' {
    const held = this.#expiring;
    if (held !== undefined && writes - held.filledAt < EXPIRY_WRITES) {
      return held.text === this.latest.text ? 'hit' : 'stale';
    }
    const { text, deps } = this.latest;
    this.#expiring = deps === undefined ? undefined : { text, filledAt: writes };
    return 'miss';
  }

  /** Asks the database as the plan wants it asked. */
  async ask(client: PrismaClient): Promise<Answer> {
    const { model, action } = this.operation;
    const { delegate } = modelOf(this.#schema, model);
    try {
      const result = await call(client, delegate, action, this.#leading.args);
      const deps = this.#plans.map((plan) => new Set(plan.dependencies(result)));
      const stripped = this.#leading.strip(result);
      return { text: canonicalResult(this.#schema, this.operation, stripped), deps };
    } catch (error) {
      return { text: `error ${errorCode(error)}` };
    }
  }

  /** What the user would get without any plan. */
  async askPlainly(client: PrismaClient): Promise<string> {
    const { model, action, args } = this.operation;
    try {
      const result = await call(
        client,
        modelOf(this.#schema, model).delegate,
        action,
        copyResult(args),
      );
      return canonicalResult(this.#schema, this.operation, result);
    } catch (error) {
      return `error ${errorCode(error)}`;
    }
  }
}

export function intersects(a: ReadonlySet<Scope>, b: ReadonlySet<Scope>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const scope of small) if (large.has(scope)) return true;
  return false;
}
