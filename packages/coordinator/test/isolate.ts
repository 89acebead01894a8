import {
  createMemoryAdapter,
  Store,
  type Authority,
  type AuthorityHost,
  type Capture,
  type Consistency,
  type Fence,
  type Ports,
  type ReadContext,
  type ReadTimes,
  type Scope,
  type Session,
  type Stamp,
  type View,
} from '@boost/core';
import {
  coordinatorAuthority,
  type CoordinatorAuthorityOptions,
} from '../src/client/coordinator-authority.js';
import type { CoordinatorNamespace } from '../src/client/namespace.js';
import type { CoordinatorRpc, RelayRoute, RelayRpc } from '../src/rpc.js';
import type { Method } from '../src/wire.js';
import { namespaces } from './objects.js';
import { clock } from './worker.js';

export interface Call {
  readonly method: Method;
  /** Without what makes it the test's own. */
  readonly name: string;
}

type Fault = (call: Call) => void | Promise<void>;

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

const NO_FAULT: Fault = () => undefined;

/** Lets everything run that waits for nothing but its turn, or for an answer that is on its way. */
export async function settle(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await scheduler.wait(1);
}

let made = 0;

/** The objects of one test: their names are its own. */
export class Objects {
  /** Of the names of the objects. */
  readonly prefix: string;

  constructor() {
    made += 1;
    this.prefix = `t${made}.`;
  }

  stub(name: string): CoordinatorRpc & RelayRpc & DurableObjectStub {
    return namespaces.SQLITE.getByName(this.prefix + name) as never;
  }
}

/** An isolate with its own state, its own network, and timers that fire when the test says so. */
export class TestIsolate {
  readonly calls: Call[] = [];
  readonly errors: { readonly error: unknown; readonly operation: string }[] = [];
  readonly background: Promise<unknown>[] = [];
  /** Before the object is asked, and after it has answered. */
  before: Fault = NO_FAULT;
  after: Fault = NO_FAULT;
  readonly #objects: Objects;
  readonly #namespace: CoordinatorNamespace;
  readonly #timers = new Set<Timer>();
  #nowMs = 0;

  /** @param keepsAlive - its requests may do something after their answers */
  constructor(objects: Objects, keepsAlive = false) {
    this.#objects = objects;
    this.#ports = { ...this.#ports, keepsAlive };
    const get = (name: string): CoordinatorRpc => this.#stub(name);
    this.#namespace = { idFromName: (name) => name, get: get };
  }

  #ports: Ports = {
    clock: { now: () => Date.now() + clock.aheadMs },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    timers: {
      set: (delayMs, run) => {
        const timer = { atMs: this.#nowMs + delayMs, run };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
    },
    waitUntil: (promise) => void this.background.push(promise),
  };

  /** A client of this isolate. */
  client(options: Partial<CoordinatorAuthorityOptions> & { tenant?: string | null } = {}): Client {
    const { tenant, ...own } = options;
    const adapter = createMemoryAdapter({ clock: this.#ports.clock });
    const report = (error: unknown, operation: string): void =>
      void this.errors.push({ error, operation });
    const host: AuthorityHost = {
      ports: this.#ports,
      store: new Store({ adapter, ports: this.#ports, timeoutMs: 1_000, report }),
      report,
    };
    const given = { namespace: this.#namespace, usesStrong: true, ...own };
    return new Client(coordinatorAuthority(given)(host), tenant);
  }

  count(method: Method): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  /** Keeps back the answer to the first call of a method until the function returned is called. */
  holdFirst(method: Method): () => void {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isFirst = true;
    this.after = async (call) => {
      if (call.method !== method || !isFirst) return;
      isFirst = false;
      await held;
    };
    return release;
  }

  /** Timers of so many milliseconds fire, and what they lead to runs. */
  async advance(ms: number): Promise<void> {
    await settle();
    this.#nowMs += ms;
    for (const timer of this.#timers) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.run();
    }
    await settle();
  }

  #stub(name: string): CoordinatorRpc {
    const object = this.#objects.stub(name);
    const call =
      (method: Method) =>
      async (...given: unknown[]): Promise<unknown> => {
        const args = method.startsWith('relay') ? this.#ofTest(given) : given;
        this.calls.push({ method, name });
        await this.before({ method, name });
        // The stub takes every property of a method for a method of the object.
        const remote = object as unknown as Record<
          string,
          (...sent: unknown[]) => Promise<unknown>
        >;
        const result = await remote[method]?.(...args);
        await this.after({ method, name });
        return result;
      };
    const methods = ['sync', 'check', 'begin', 'commit', 'abort', 'unknown', 'regroup'] as const;
    const ofRelays = ['relaySync', 'relayCheck'] as const;
    return Object.fromEntries(
      [...methods, ...ofRelays].map((method) => [method, call(method)]),
    ) as never;
  }

  #ofTest([route, ...rest]: readonly unknown[]): unknown[] {
    const { name, placement } = route as RelayRoute;
    return [{ name: this.#objects.prefix + name, placement }, ...rest];
  }
}

const NO_TIMES = { startMs: 0, endMs: 0 };
let writes = 0;

/** One client, as an engine would use its authority. */
export class Client {
  readonly authority: Authority;
  readonly session: Session;
  readonly #tenant: string | null | undefined;

  constructor(authority: Authority, tenant: string | null | undefined, ticket?: string) {
    this.authority = authority;
    this.#tenant = tenant;
    this.session = authority.session(ticket);
  }

  /** Another client of the same isolate, with a session of its own. */
  other(ticket?: string): Client {
    return new Client(this.authority, this.#tenant, ticket);
  }

  context(consistency: Consistency = 'session'): ReadContext {
    return { tenant: this.#tenant, session: this.session, key: 'q', consistency };
  }

  async open(scopes: readonly Scope[], consistency?: Consistency): Promise<View> {
    return this.authority.open(this.context(consistency), scopes, new Map());
  }

  /** Reads the database and fills: the stamp of the entry, null when it is not stored. */
  async fill(scopes: readonly Scope[], consistency?: Consistency): Promise<Stamp | null> {
    const capture = (await this.open(scopes, consistency)).capture();
    const times = { ...NO_TIMES };
    if (capture.kind === 'bypass') {
      this.authority.answered(this.context(consistency), answer(null, times));
      return null;
    }
    return this.finish(capture, scopes, times);
  }

  async finish(
    capture: Capture,
    scopes: readonly Scope[],
    times: ReadTimes = { startMs: 0, endMs: 0 },
  ): Promise<Stamp | null> {
    const pending = capture.stamp(scopes, times);
    this.authority.answered(this.context(), answer(null, times));
    const stamp = await pending;
    if (stamp === null) return null;
    this.authority.answered(this.context(), answer(stamp, times));
    // As it comes out of a store.
    return JSON.parse(JSON.stringify(stamp)) as Stamp;
  }

  async check(
    stamp: Stamp | null,
    scopes: readonly Scope[],
    consistency?: Consistency,
    filledMs = 0,
  ): Promise<string> {
    if (stamp === null) return 'absent';
    const times = { startMs: filledMs, endMs: filledMs };
    const verdict = await (await this.open(scopes, consistency)).check(stamp, times);
    if (verdict.kind === 'valid') {
      this.authority.answered(this.context(consistency), answer(stamp, NO_TIMES));
    }
    return verdict.kind === 'bypass' ? verdict.reason : verdict.kind;
  }

  /** Whether it may join another reader of its isolate. */
  allows(stamp: Stamp | null): boolean {
    return stamp !== null && this.authority.allows(this.context(), stamp, NO_TIMES);
  }

  begin(scopes: readonly Scope[], deadlineMs = 1_000): Promise<Fence> {
    writes += 1;
    const { session } = this;
    const id = `w${writes}`;
    return this.authority.begin({ tenant: this.#tenant, session, id, deadlineMs }, scopes);
  }

  async write(scopes: readonly Scope[]): Promise<boolean> {
    return (await (await this.begin(scopes)).commit(scopes)).incomplete;
  }
}

function answer(stamp: Stamp | null, times: { startMs: number; endMs: number }): never {
  return { stamp, times, isLocal: false } as never;
}
