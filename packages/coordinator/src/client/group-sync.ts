import { settledWithin, type LogDelta, type Ports } from '@boost/core';
import type { RelayAllowance } from '../rpc.js';
import type { Isolate, IsolateLog, OwedEnd, SyncCall } from './isolate-log.js';
import type { LogSource } from './log-source.js';
import type { RemoteLog } from './remote-log.js';

export interface SyncHost {
  readonly isolate: Isolate;
  readonly ports: Ports;
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number;
}

/** After a failure nobody waits for another one for so long. */
const PAUSE_AFTER_FAILURE_MS = 1_000;
/** How often a reader waits for the call of another request before it makes its own. */
const MAX_JOINS = 2;

/**
 * Brings the copy up to date by a call that begins after `afterTick`. Everyone who asks while a call is on its way shares the one
 * that follows it.
 *
 * @throws BoostError `BOOST_COORDINATOR_FAILED`
 */
export async function freshen(
  host: SyncHost,
  log: IsolateLog,
  source: LogSource,
  afterTick: number,
): Promise<void> {
  for (let joins = 0; joins < MAX_JOINS; joins++) {
    if (log.syncedTick > afterTick) return;
    const { failure } = log;
    if (failure !== undefined && host.ports.clock.now() < failure.untilMs) throw failure.error;
    const call = joinable(log, afterTick);
    if (call === undefined) break;
    const outcome = await settledWithin(host.ports.timers, patience(host), call.done);
    // Its request is gone: nobody waits for it any more.
    if (outcome === undefined) drop(log, call);
    else if (outcome !== null) throw outcome;
  }
  if (log.syncedTick > afterTick) return;
  await lead(host, log, source);
}

/** Takes what a call that began at `tick` has brought. */
export function take(
  host: SyncHost,
  log: IsolateLog,
  delta: LogDelta,
  tick: number,
  beganAtMs: number,
): void {
  const { ports } = host;
  log.failure = undefined;
  if (tick < log.syncedTick) {
    // A call that began later was answered before. What the object did in between it tells here, unless it is of another life.
    if (log.copy.position?.incarnation === delta.incarnation)
      log.copy.apply(delta, ports.clock.now());
    return;
  }
  apply(host, log, delta);
  log.syncedTick = tick;
  log.syncedAtMs = beganAtMs;
}

/**
 * Has a relay bring the copy up to date, which may answer from what it has if that suffices. Whoever asks meanwhile shares the question:
 * what came of it is to be looked at by each.
 */
export async function askRelay(
  host: SyncHost,
  log: IsolateLog,
  source: LogSource,
  allowance: RelayAllowance,
): Promise<void> {
  const { asking } = log;
  if (asking !== undefined) {
    const outcome = await settledWithin(host.ports.timers, host.timeoutMs, asking);
    if (outcome === undefined && log.asking === asking) log.asking = undefined;
    return;
  }
  let finish: (outcome: null) => void = () => undefined;
  const done = new Promise<null>((resolve) => {
    finish = resolve;
  });
  log.asking = done;
  host.ports.waitUntil(done);
  const beganAtMs = host.ports.clock.now();
  const tick = host.isolate.tick();
  try {
    const delta = await source.recent(log.copy.position, allowance);
    if (delta?.isCurrent === true) take(host, log, delta, tick, beganAtMs);
    else if (delta !== undefined) takeOld(host, log, delta, beganAtMs - delta.ageMs);
  } finally {
    if (log.asking === done) log.asking = undefined;
    finish(null);
  }
}

/** Takes what a relay had: no call of the object itself, so that it counts as none. */
function takeOld(host: SyncHost, log: IsolateLog, delta: LogDelta, knownAtMs: number): void {
  const { position } = log.copy;
  // It may be of an earlier life of the log than what has come meanwhile.
  if (position !== undefined && position.incarnation !== delta.incarnation) return;
  apply(host, log, delta);
  log.syncedAtMs = Math.max(log.syncedAtMs, knownAtMs);
}

function apply({ isolate, ports }: SyncHost, log: IsolateLog, delta: LogDelta): void {
  const { groups } = log.copy;
  log.copy.apply(delta, ports.clock.now());
  if (log.copy.groups?.version !== groups?.version) isolate.reroute(log);
}

function joinable({ running, next }: IsolateLog, afterTick: number): SyncCall | undefined {
  if (running?.tick !== undefined && running.tick > afterTick) return running;
  return next;
}

function drop(log: IsolateLog, call: SyncCall): void {
  if (log.running === call) log.running = undefined;
  if (log.next === call) log.next = undefined;
}

/** A call may have to wait for the one before it. */
function patience({ timeoutMs }: SyncHost): number {
  return 2 * timeoutMs;
}

async function lead(host: SyncHost, log: IsolateLog, source: LogSource): Promise<void> {
  let finish: (outcome: Error | null) => void = () => undefined;
  const done = new Promise<Error | null>((resolve) => {
    finish = resolve;
  });
  const call: SyncCall = { tick: undefined, done };
  // The others wait for it: it goes on when the client of this request has gone.
  host.ports.waitUntil(done);
  const { running } = log;
  if (running !== undefined) {
    log.next = call;
    const outcome = await settledWithin(host.ports.timers, host.timeoutMs, running.done);
    if (outcome === undefined) drop(log, running);
  }
  if (log.next === call) log.next = undefined;
  log.running = call;
  let outcome: Error | null = null;
  try {
    await run(host, log, source, call);
  } catch (error) {
    outcome = error instanceof Error ? error : new Error(String(error));
    const untilMs = host.ports.clock.now() + PAUSE_AFTER_FAILURE_MS;
    log.failure = { error: outcome, untilMs };
    throw outcome;
  } finally {
    drop(log, call);
    finish(outcome);
  }
}

async function run(
  host: SyncHost,
  log: IsolateLog,
  source: LogSource,
  call: SyncCall,
): Promise<void> {
  const beganAtMs = host.ports.clock.now();
  call.tick = host.isolate.tick();
  await payOwed(host, log, source.primary);
  const tick = host.isolate.tick();
  take(host, log, await source.sync(log.copy.position), tick, beganAtMs);
}

/** Tells the ends of writes that could not be told before. */
export async function payOwed(host: SyncHost, log: IsolateLog, remote: RemoteLog): Promise<void> {
  const { isolate, ports } = host;
  const pay = async ([id, { kind, hashes, deadlineMs }]: [string, OwedEnd]): Promise<void> => {
    const tick = isolate.tick();
    const beganAtMs = ports.clock.now();
    const since = log.copy.position;
    const delta =
      kind === 'commit'
        ? await remote.commit(id, hashes, since)
        : await remote.unknown(id, hashes, deadlineMs, since);
    // Before readers stop bypassing what it changed.
    take(host, log, delta, tick, beganAtMs);
    isolate.settle(log, id);
  };
  await Promise.all([...log.owed].map(pay));
}
