import {
  BoostError,
  randomFraction,
  sleep,
  withDeadline,
  type EntryQuestion,
  type LogDelta,
  type LogPosition,
  type ModelGroups,
  type Ports,
  type ScopeHashes,
} from '@boost/core';
import type {
  CheckReply,
  CoordinatorRpc,
  RelayAllowance,
  RelayDelta,
  RelayRoute,
  RelayRpc,
} from '../rpc.js';
import type { Method } from '../wire.js';
import { callObject, type CoordinatorNamespace, type Placement } from './namespace.js';

export interface RemoteOptions {
  readonly namespace: CoordinatorNamespace;
  readonly placement: Placement;
  readonly ports: Ports;
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number;
}

const ATTEMPTS = 3;
const LEAST_PAUSE_MS = 20;
const MORE_PAUSE_MS = 80;

/** One Durable Object as a request calls it: with a deadline, and again where the platform says that it may help. */
export class RemoteLog implements CoordinatorRpc, RelayRpc {
  readonly name: string;
  readonly #options: RemoteOptions;

  constructor(name: string, options: RemoteOptions) {
    this.name = name;
    this.#options = options;
  }

  sync(since?: LogPosition): Promise<LogDelta> {
    return this.#call('sync', [since]);
  }

  check(incarnation: string, entries: readonly EntryQuestion[]): Promise<CheckReply> {
    return this.#call('check', [incarnation, entries]);
  }

  begin(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
    since?: LogPosition,
  ): Promise<LogDelta> {
    return this.#call('begin', [id, hashes, deadlineMs, since]);
  }

  commit(id: string, hashes: ScopeHashes, since?: LogPosition): Promise<LogDelta> {
    return this.#call('commit', [id, hashes, since]);
  }

  abort(id: string): Promise<void> {
    return this.#call('abort', [id]);
  }

  regroup(groups: ModelGroups, since?: LogPosition): Promise<LogDelta> {
    return this.#call('regroup', [groups, since]);
  }

  unknown(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
    since?: LogPosition,
  ): Promise<LogDelta> {
    return this.#call('unknown', [id, hashes, deadlineMs, since]);
  }

  relaySync(
    route: RelayRoute,
    since?: LogPosition,
    allowance?: RelayAllowance,
  ): Promise<RelayDelta> {
    return this.#call('relaySync', [route, since, allowance]);
  }

  relayCheck(
    route: RelayRoute,
    incarnation: string,
    entries: readonly EntryQuestion[],
    callers: LogPosition,
  ): Promise<CheckReply> {
    return this.#call('relayCheck', [route, incarnation, entries, callers]);
  }

  async #call<Result>(method: Method, args: readonly unknown[]): Promise<Result> {
    const { namespace, placement, ports, timeoutMs } = this.#options;
    const what = `${method} of the coordinator`;
    for (let attempt = 1; ; attempt++) {
      try {
        const run = (): Promise<unknown> =>
          callObject(namespace, placement, this.name, method, args);
        return (await withDeadline(ports.timers, timeoutMs, what, run)) as Result;
      } catch (cause) {
        if (attempt < ATTEMPTS && isWorthRepeating(cause)) {
          const pauseMs = LEAST_PAUSE_MS + MORE_PAUSE_MS * randomFraction(ports.random);
          await sleep(ports.timers, pauseMs * attempt);
          continue;
        }
        throw new BoostError(
          'BOOST_COORDINATOR_FAILED',
          `The coordinator did not ${method} in ${attempt} attempt(s); see the cause. Reads ask the database until it answers again`,
          { cause, details: { operation: method, attempts: attempt } },
        );
      }
    }
  }
}

/**
 * An overloaded object gets worse by being asked again.
 *
 * @see https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
function isWorthRepeating(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown };
  return retryable === true && overloaded !== true;
}
