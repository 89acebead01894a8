import { decodeEntry } from '../codec/entry.js';
import { modelOf } from '../epoch/space.js';
import { entryPrefix } from '../key/key.js';
import { EVERYTHING, impreciseScope, type Scope } from '../scope/scope.js';
import type { ResolvedInvalidationPolicy } from '../policy/invalidation-policy.js';
import type { EngineCore } from './core.js';
import type { CallContext } from './engine.js';

/** Entries read at a time to find out which of them are invalid: they are held in memory together. */
const READ_CHUNK = 20;
/** Rounds of concurrent deletes that one call to the store has time for. */
const DELETE_ROUNDS = 10;
const LIST_LIMIT = 1_000;

/** Entries that a bump made invalid, by where they lie. */
interface Target {
  readonly prefix: string;
  /** Undefined for everything of the tenant. */
  readonly model?: string;
  /** Whether all of them are invalid; else each has to be looked at. */
  readonly whole: boolean;
}

/** What was done to give space back. */
export interface Reclaimed {
  readonly lists: number;
  /** Entries read to find out whether they are invalid. */
  readonly reads: number;
  /** Asked for. */
  readonly deletes: number;
  /** Done. */
  readonly deleted: number;
  /** Why entries were left: `max-lists`, `max-deletes`, `store-failed`. */
  readonly reason: string | undefined;
}

/**
 * Deletes entries that a bump made invalid, within the caps of the policy. It only gives space back: what is left is just as
 * invalid and expires. Failures are told and end it.
 */
export class Reclaim implements Reclaimed {
  lists = 0;
  reads = 0;
  deletes = 0;
  deleted = 0;
  reason: string | undefined;
  /** Models of which entries were left that could be invalid. */
  readonly unfinished: string[] = [];
  readonly #core: EngineCore;
  readonly #context: CallContext;
  readonly #policy: ResolvedInvalidationPolicy;

  constructor(core: EngineCore, context: CallContext, policy: ResolvedInvalidationPolicy) {
    this.#core = core;
    this.#context = context;
    this.#policy = policy;
  }

  async run(scopes: readonly Scope[]): Promise<void> {
    for (const target of this.#targets(scopes)) {
      const reason = await this.#delete(target);
      if (reason === undefined) continue;
      this.reason ??= reason;
      if (!target.whole && target.model !== undefined) this.unfinished.push(target.model);
    }
  }

  #targets(scopes: readonly Scope[]): readonly Target[] {
    const { plan } = this.#core;
    const policy = this.#policy;
    const isTagged = scopes.some((scope) => scope.startsWith('tag:') && !scope.includes('#'));
    const isAll = scopes.includes(EVERYTHING);
    const models = new Set(scopes.map(modelOf));
    const targets: readonly Target[] =
      isAll || isTagged
        ? [{ prefix: this.#prefix(), whole: isAll }]
        : plan.schema.modelNames
            .filter((model) => models.has(model) && plan.model(model).kind !== 'join')
            .map((model) => {
              const whole = scopes.includes(impreciseScope(model));
              return { prefix: this.#prefix(model), model, whole };
            });
    return policy.strategy === 'hybrid' ? targets.filter(({ whole }) => whole) : targets;
  }

  #prefix(model?: string): string {
    const { keys, options } = this.#core;
    return options.prefix + entryPrefix(keys, this.#context.tenant, model);
  }

  /** Returns why it stopped before the end, if it did. */
  async #delete({ prefix, whole }: Target): Promise<string | undefined> {
    const { store } = this.#core;
    const policy = this.#policy;
    try {
      let cursor: string | undefined;
      do {
        const room = policy.maxDeletes - this.deletes;
        if (this.lists >= policy.maxLists) return 'max-lists';
        if (room === 0) return 'max-deletes';
        this.lists += 1;
        const limit = whole ? Math.min(room + 1, LIST_LIMIT) : LIST_LIMIT;
        const page = await store.list(prefix, limit, cursor);
        const invalid = whole ? page.keys : await this.#invalidOf(page.keys, room + 1);
        await this.#deleteAll(invalid.slice(0, room));
        if (invalid.length > room) return 'max-deletes';
        cursor = page.cursor;
      } while (cursor !== undefined);
      return undefined;
    } catch (error) {
      this.#core.report(error, 'delete');
      return 'store-failed';
    }
  }

  async #deleteAll(keys: readonly string[]): Promise<void> {
    const { store, tier } = this.#core;
    const chunk = tier.bulkConcurrency * DELETE_ROUNDS;
    for (let at = 0; at < keys.length; at += chunk) {
      const some = keys.slice(at, at + chunk);
      this.deletes += some.length;
      const { deleted, failed } = await store.deleteMany(some, tier.bulkConcurrency);
      this.deleted += deleted;
      for (const cause of failed.values()) throw cause;
    }
  }

  /** Those of the keys, `most` at most, whose entries this isolate's bumps have made invalid, or time. */
  async #invalidOf(keys: readonly string[], most: number): Promise<readonly string[]> {
    const invalid: string[] = [];
    for (let at = 0; at < keys.length && invalid.length < most; at += READ_CHUNK) {
      const some = keys.slice(at, at + READ_CHUNK);
      this.reads += some.length;
      const values = await this.#core.store.getMany(some, []);
      invalid.push(...some.filter((key) => !this.#isValid(key, values.get(key) ?? null)));
    }
    return invalid.slice(0, most);
  }

  #isValid(key: string, text: string | null): boolean {
    // Gone since it was listed.
    if (text === null) return true;
    const { tenant } = this.#context;
    // Of a session that has written nothing: what only the writer may not read is no waste.
    const session = this.#core.authority.session();
    const [encoded = '', , digest = ''] = key.split(':').slice(-3);
    const entry = decodeEntry(text, { digest, tenant: encoded });
    if (entry.kind === 'none' || this.#core.now() >= entry.staleUntilMs) return false;
    const read = { tenant, session, key: digest, consistency: 'eventual' } as const;
    return this.#core.authority.allows(read, entry.stamp, entry.times);
  }
}
