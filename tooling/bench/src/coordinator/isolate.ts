import type { CoordinatorNamespace, CoordinatorRpc } from '@boost/coordinator';
import { EpochLog } from '@boost/core';

/** The logs of coordinators, each the one that a Durable Object keeps in its storage. */
export class Coordinators {
  readonly #logs = new Map<string, EpochLog>();
  calls = 0;

  /** The binding as one isolate has it. */
  namespace(): CoordinatorNamespace {
    return { idFromName: (name) => name, get: (name: string) => this.#object(name) };
  }

  #object(name: string): CoordinatorRpc {
    let log = this.#logs.get(name);
    if (log === undefined) {
      log = EpochLog.create(name, 0, { clock: { now: () => Date.now() } });
      this.#logs.set(name, log);
    }
    return rpcOf(log, () => (this.calls += 1));
  }
}

function rpcOf(log: EpochLog, count: () => void): CoordinatorRpc {
  const call = async <Result>(run: () => Result): Promise<Result> => {
    count();
    await Promise.resolve();
    return run();
  };
  return {
    sync: (since) => call(() => log.delta(since)),
    check: (incarnation, entries) =>
      call(() => ({
        incarnation: log.incarnation,
        seq: log.seq,
        verdicts: entries.map((entry) =>
          incarnation === log.incarnation ? log.check(entry) : 'stale',
        ),
      })),
    begin: (id, hashes, deadlineMs, since) =>
      call(() => {
        log.begin(id, hashes, deadlineMs);
        return log.delta(since);
      }),
    commit: (id, hashes, since) =>
      call(() => {
        log.commit(id, hashes);
        return log.delta(since);
      }),
    // No client of the workload wants groups of models.
    regroup: (_, since) => call(() => log.delta(since)),
    abort: (id) => call(() => log.abort(id)),
    unknown: (id, hashes, deadlineMs, since) =>
      call(() => {
        log.unknown(id, hashes, deadlineMs);
        return log.delta(since);
      }),
  };
}
