import type { BumpReport, Fence, WriteContext } from '../epoch/authority.js';
import { BoostError, isBoostError } from '../error.js';
import { randomText } from '../ports.js';
import type { Scope } from '../scope/scope.js';
import type { EngineCore } from './core.js';
import type { CallContext } from './engine.js';

/** Names a write; as unlikely to repeat as a UUID. */
const ID_LENGTH = 26;

/**
 * A write as the authority is told of it: announced before the database is touched, ended afterwards. What the authority fails
 * at is told to `onError` and reported as `incomplete`, but for a write that must not happen unannounced.
 */
export class Announcement {
  readonly #core: EngineCore;
  readonly #context: WriteContext;
  /** Undefined when announcing failed: the end then stands for itself. */
  #fence: Fence | undefined;

  private constructor(core: EngineCore, { tenant, session }: CallContext) {
    const id = randomText(core.ports.random, ID_LENGTH);
    this.#core = core;
    this.#context = { tenant, session, id, deadlineMs: core.options.writeDeadline };
  }

  /** For a write that the database has done already: only its end is told. */
  static late(core: EngineCore, context: CallContext): Announcement {
    return new Announcement(core, context);
  }

  /** @throws BoostError `BOOST_WRITE_UNFENCED`: the database must not be touched */
  static async begin(
    core: EngineCore,
    context: CallContext,
    scopes: readonly Scope[],
  ): Promise<Announcement> {
    const announcement = new Announcement(core, context);
    await announcement.#begin(scopes);
    return announcement;
  }

  /** @throws BoostError `BOOST_WRITE_UNFENCED`: the database must not be touched again */
  async extend(scopes: readonly Scope[]): Promise<void> {
    if (this.#fence === undefined) return this.#begin(scopes);
    await this.#tried(() => this.#fence?.extend(scopes));
  }

  /** The database has committed. */
  commit(scopes: readonly Scope[]): Promise<BumpReport> {
    return this.#end(scopes, (fence) => fence.commit(scopes));
  }

  /** The database may have committed, or may still. */
  unknown(scopes: readonly Scope[]): Promise<BumpReport> {
    return this.#end(scopes, (fence) => fence.unknown(scopes));
  }

  /** The database has certainly changed nothing. */
  async abort(): Promise<void> {
    await this.#tried(() => this.#fence?.abort());
  }

  async #begin(scopes: readonly Scope[]): Promise<void> {
    await this.#tried(async () => {
      this.#fence = await this.#core.authority.begin(this.#context, scopes);
    });
  }

  async #end(
    scopes: readonly Scope[],
    end: (fence: Fence) => Promise<BumpReport>,
  ): Promise<BumpReport> {
    try {
      this.#fence ??= await this.#core.authority.begin(this.#context, scopes);
      return await end(this.#fence);
    } catch (cause) {
      const message = `The write is in the database, but ${scopes.length} scope(s) could not be bumped: readers may see old values until their TTL`;
      this.#core.report(new BoostError('BOOST_BUMP_FAILED', message, { cause }), 'bump');
      return { scopes, puts: 0, incomplete: true };
    }
  }

  async #tried(step: () => Promise<void> | undefined): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (isBoostError(error, 'BOOST_WRITE_UNFENCED')) throw error;
      this.#core.report(error, 'fence');
    }
  }
}
