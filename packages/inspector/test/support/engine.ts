import {
  createEngine,
  createMemoryAdapter,
  parseConfig,
  type CacheConfig,
  type Engine,
  type EngineHooks,
  type Ports,
  type ReadOutcome,
} from '@boost/core';

const ports: Ports = {
  clock: { now: () => Date.now() },
  random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  timers: {
    set(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => {
        clearTimeout(timer);
      };
    },
  },
  waitUntil: () => undefined,
};

/** An engine over a store in memory, for one tenant, at the granularity of `pro`. */
export class TestEngine {
  readonly #engine: Engine;
  readonly #tenant: string | null | undefined;

  /** @param store - clients of one store share their entries */
  constructor(
    config: CacheConfig,
    hooks: EngineHooks,
    tenant?: string | null,
    store: ReturnType<typeof createMemoryAdapter> = createMemoryAdapter({ clock: ports.clock }),
  ) {
    this.#tenant = tenant;
    this.#engine = createEngine({
      ports,
      schema: parseConfig(config),
      adapter: store,
      version: 'v1',
      tier: 'pro',
      makeDecimal: (text) => text,
      ...hooks,
    });
  }

  async post(id: number, row: unknown = { id, title: 'one' }): Promise<ReadOutcome['info']> {
    const { info } = await this.#engine.read({
      operation: { model: 'Post', action: 'findUnique', args: { where: { id } } },
      strategy: {},
      context: this.#context,
      execute: () => Promise.resolve(row),
    });
    await this.#engine.settled();
    return info;
  }

  async bumpPost(id: number): Promise<void> {
    await this.#engine.invalidate({ kind: 'where', model: 'Post', where: { id } }, this.#context);
  }

  async bumpAll(model: string): Promise<void> {
    await this.#engine.invalidate({ kind: 'model', model }, this.#context);
  }

  get #context() {
    return { tenant: this.#tenant, user: undefined, session: this.#engine.session() };
  }
}
