import type { EntryQuestion, LogDelta, LogPosition } from '@boost/core';
import type { CheckReply, RelayAllowance, RelayDelta, RelayRoute } from '../rpc.js';
import type { IsolateLog } from './isolate-log.js';
import type { RemoteLog } from './remote-log.js';

export interface LogSourceOptions {
  readonly log: IsolateLog;
  readonly primary: RemoteLog;
  /** @defaultValue none */
  readonly relay?: RelayAccess;
}

/** One of the relays in front of an object. */
export interface RelayAccess {
  readonly remote: RemoteLog;
  readonly route: RelayRoute;
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** Milliseconds for which a relay that has failed is not asked again. */
const PAUSE_AFTER_FAILURE_MS = 5_000;

/** An object as readers ask it: through a relay where there is one that answers, else itself. What it says is the same. */
export class LogSource {
  /** Where writes are told. */
  readonly primary: RemoteLog;
  readonly #options: LogSourceOptions;

  constructor(options: LogSourceOptions) {
    this.primary = options.primary;
    this.#options = options;
  }

  /** What the copy lacks; no older than the call. */
  async sync(since: LogPosition | undefined): Promise<LogDelta> {
    const delta = await this.#through((relay, route) => relay.relaySync(route, since));
    return delta?.isCurrent === true ? delta : this.primary.sync(since);
  }

  /** What a relay has, if that suffices; undefined where there is none, or it does not answer. */
  recent(
    since: LogPosition | undefined,
    allowance: RelayAllowance,
  ): Promise<RelayDelta | undefined> {
    return this.#through((relay, route) => relay.relaySync(route, since, allowance));
  }

  /** Whether entries are current as of the copy or later. */
  async check(incarnation: string, entries: readonly EntryQuestion[]): Promise<CheckReply> {
    const { position } = this.#options.log.copy;
    const reply =
      position &&
      (await this.#through((relay, route) =>
        relay.relayCheck(route, incarnation, entries, position),
      ));
    return reply ?? this.primary.check(incarnation, entries);
  }

  async #through<Result>(
    ask: (relay: RemoteLog, route: RelayRoute) => Promise<Result>,
  ): Promise<Result | undefined> {
    const { relay, log } = this.#options;
    if (relay === undefined || relay.now() < log.relayPausedUntilMs) return undefined;
    try {
      return await ask(relay.remote, relay.route);
    } catch (error) {
      log.relayPausedUntilMs = relay.now() + PAUSE_AFTER_FAILURE_MS;
      relay.report(error);
      return undefined;
    }
  }
}
