import {
  createEngine,
  createMemoryAdapter,
  EpochLog,
  parseConfig,
  type CacheAdapter,
  type Consistency,
  type Engine,
  type Journal,
  type LogHead,
  type LogRow,
  type LogSegment,
  type Ports,
  type Session,
} from '@boost/core';
import type fc from 'fast-check';
import { expect } from 'vitest';
import { coordinatorAuthority } from '../src/client/coordinator-authority.js';
import type { CoordinatorNamespace } from '../src/client/namespace.js';

const schema = parseConfig({
  format: 1,
  schemaHash: 'race',
  provider: 'postgresql',
  relationMode: 'foreignKeys',
  models: {
    User: 'm|id:I+ name:S|#id|posts<Post.author[]|',
    Post: 'm@posts|id:I+ title:S authorId:I?|#id|author>User.posts(authorId=id)LC?|',
  },
});

export type Step =
  | { readonly kind: 'point' | 'write' | 'fail'; readonly client: number; readonly id: number }
  | { readonly kind: 'list'; readonly client: number }
  | { readonly kind: 'restart' | 'lose' };

interface Row {
  readonly id: number;
  readonly title: string;
  readonly authorId: number;
}

type Delayed = <Result>(run: () => Result | Promise<Result>, what: string) => Promise<Result>;

interface RaceClient {
  readonly engine: Engine;
  readonly session: Session;
}

/**
 * Clients of two isolates over one database, one store and one object, whose every step waits for the scheduler. The object starts
 * again and its answers get lost. Each write gives a post a version greater than any before.
 */
export class Race {
  hits = 0;
  #nowMs = 1_800_000_000_000;
  #version = 0;
  #losesAnswer = false;
  readonly #consistency: Consistency;
  readonly #rows = new Map<number, Row>();
  readonly #clients: readonly RaceClient[];
  readonly #journal = new KeptJournal();
  readonly #delayed: Delayed;
  #log: EpochLog;
  /** Newest acknowledged version by post, by any client and by each. */
  readonly #acknowledged = new Map<string, number>();
  /** What each client has seen last of each post, by whatever query. */
  readonly #seen = new Map<string, number>();

  constructor(scheduler: fc.Scheduler, consistency: Consistency) {
    this.#consistency = consistency;
    this.#log = EpochLog.create('i1', 0, this.#host());
    for (const id of [1, 2]) this.#rows.set(id, { id, title: '0', authorId: 7 });
    this.#delayed = async (run, what) => {
      await scheduler.schedule(Promise.resolve(), `${what} begins`);
      this.#nowMs += 300;
      const result = await run();
      await scheduler.schedule(Promise.resolve(), `${what} answers`);
      return result;
    };
    const store = createMemoryAdapter({ clock: this.#host().clock, shared: true });
    const isolates = [0, 1].map(() => ({
      adapter: this.#bindingOf(store),
      namespace: this.#namespace(),
    }));
    this.#clients = [0, 1, 2, 3].map((index) => {
      const { adapter, namespace } = isolates[index % 2] as (typeof isolates)[number];
      const usesStrong = consistency === 'strong';
      const engine = createEngine({
        ports: this.#ports,
        schema,
        adapter,
        version: 'v1',
        tier: 'pro',
        makeDecimal: (text) => text,
        authority: coordinatorAuthority({ namespace, usesStrong, maxStalenessMs: 3_000 }),
      });
      return { engine, session: engine.session() };
    });
  }

  async run(step: Step): Promise<void> {
    switch (step.kind) {
      case 'restart':
        this.#log = EpochLog.restore(this.#journal.saved(), this.#host());
        return;
      case 'lose':
        this.#losesAnswer = true;
        return;
      case 'point':
      case 'list':
        return this.#read(step.client, step.kind === 'list' ? undefined : step.id);
      default:
        return this.#write(step.client, step.id, step.kind === 'fail');
    }
  }

  async #write(client: number, id: number, fails: boolean): Promise<void> {
    const { engine, session } = this.#clients[client] as RaceClient;
    const apply = (): Row => {
      this.#version += 1;
      const row = { id, title: String(this.#version), authorId: 7 };
      this.#rows.set(id, row);
      return row;
    };
    let row: Row;
    try {
      row = (await engine.write({
        operation: {
          model: 'Post',
          action: 'update',
          args: { where: { id }, data: { title: '' } },
        },
        context: { tenant: undefined, user: undefined, session },
        runner: {
          isNotFound: () => false,
          run: async () => {
            const applied = await this.#delayed(apply, 'write');
            if (fails) throw new Error('connection lost');
            return applied;
          },
        },
      })) as Row;
    } catch (error) {
      // Nothing was acknowledged.
      expect(String(error)).toMatch(/connection lost|BOOST_WRITE_UNFENCED/);
      return;
    }
    for (const key of [`anyone ${id}`, `${client} ${id}`]) {
      this.#acknowledged.set(key, Math.max(Number(row.title), this.#acknowledged.get(key) ?? 0));
    }
  }

  async #read(client: number, id: number | undefined): Promise<void> {
    const { engine, session } = this.#clients[client] as RaceClient;
    const due = new Map(this.#acknowledged);
    const seen = new Map(this.#seen);
    const { result, info } = await engine.read({
      operation: {
        model: 'Post',
        action: id === undefined ? 'findMany' : 'findUnique',
        args: { where: id === undefined ? { authorId: 7 } : { id } },
      },
      strategy: {},
      consistency: this.#consistency,
      context: { tenant: undefined, user: undefined, session },
      execute: () =>
        this.#delayed(
          () => (id === undefined ? [...this.#rows.values()] : { ...this.#rows.get(id) }),
          'read',
        ),
    });
    if (info.status.startsWith('hit')) this.hits += 1;
    const whose = this.#consistency === 'strong' ? 'anyone' : String(client);
    for (const row of [result].flat() as Row[]) {
      const version = Number(row.title);
      const told = `${info.status} ${info.reason ?? ''}`;
      expect(version, `acknowledged, ${told}`).toBeGreaterThanOrEqual(
        due.get(`${whose} ${row.id}`) ?? 0,
      );
      const key = `${client} ${row.id}`;
      expect(version, `monotonic, ${told}`).toBeGreaterThanOrEqual(seen.get(key) ?? 0);
      this.#seen.set(key, Math.max(version, this.#seen.get(key) ?? 0));
    }
  }

  #namespace(): CoordinatorNamespace {
    const call =
      (method: 'sync' | 'check' | 'begin' | 'commit' | 'abort' | 'unknown') =>
      async (...args: unknown[]): Promise<unknown> => {
        let isLost = false;
        const result = await this.#delayed(() => {
          isLost = this.#losesAnswer;
          this.#losesAnswer = false;
          return this.#answer(method, args as never);
        }, method);
        if (isLost) throw new Error('the answer was lost');
        return structuredClone(result);
      };
    const stub = {
      sync: call('sync'),
      check: call('check'),
      begin: call('begin'),
      commit: call('commit'),
      abort: call('abort'),
      unknown: call('unknown'),
    };
    return { idFromName: (name) => name, get: () => stub };
  }

  /** As the class does. */
  #answer(method: string, args: readonly [never, never, never, never]): unknown {
    const log = this.#log;
    const [first, second, third, fourth] = args;
    if (method === 'sync') return log.delta(first);
    if (method === 'check') {
      const verdicts = (second as Parameters<EpochLog['check']>[0][]).map((entry) =>
        first === log.incarnation ? log.check(entry) : 'stale',
      );
      return { incarnation: log.incarnation, seq: log.seq, verdicts };
    }
    if (method === 'begin') return log.begin(first, second, third);
    if (method === 'abort') return log.abort(first);
    if (method === 'commit') {
      log.commit(first, second);
      return log.delta(third);
    }
    log.unknown(first, second, third);
    return log.delta(fourth);
  }

  #bindingOf(store: CacheAdapter): CacheAdapter {
    return {
      name: store.name,
      capabilities: store.capabilities,
      identity: {},
      get: (key) => this.#delayed(() => store.get(key), 'get'),
      getMany: (keys) => this.#delayed(() => store.getMany(keys), 'getMany'),
      set: (key, value, options) => this.#delayed(() => store.set(key, value, options), 'set'),
      delete: (key) => store.delete(key),
      deleteMany: (keys) => store.deleteMany(keys),
      list: (prefix) => store.list(prefix),
    };
  }

  #host(): { readonly clock: { now(): number }; readonly journal: KeptJournal } {
    return { clock: { now: () => this.#nowMs }, journal: this.#journal };
  }

  readonly #ports: Ports = {
    clock: { now: () => this.#nowMs },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    // Everything is answered: no deadline passes. A pause before another attempt never ends, as in a request that is gone.
    timers: { set: () => () => undefined },
    waitUntil: () => undefined,
    // A write is acknowledged before the object is told of its end.
    keepsAlive: true,
  };
}

/** What an object has stored. */
class KeptJournal implements Journal {
  #head: LogHead | undefined;
  readonly #rows = new Map<number, LogRow>();
  readonly #segments = new Map<number, LogSegment>();

  saveHead(head: LogHead): void {
    this.#head = head;
  }

  saveRow(row: LogRow): void {
    this.#rows.set(row.key, row);
  }

  removeRow(key: number): void {
    this.#rows.delete(key);
  }

  saveSegment(segment: LogSegment): void {
    this.#segments.set(segment.key, segment);
  }

  removeSegment(key: number): void {
    this.#segments.delete(key);
  }

  saved(): { head: LogHead; rows: LogRow[]; segments: LogSegment[] } {
    if (this.#head === undefined) throw new Error('nothing was stored');
    return {
      head: this.#head,
      rows: [...this.#rows.values()],
      segments: [...this.#segments.values()],
    };
  }
}
