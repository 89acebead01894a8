import { exceedsUtf8 } from '../adapter/limits.js';
import { encodeResult, type EncodedResult } from '../codec/encoded-result.js';
import { sealEntry } from '../codec/entry.js';
import type { ReadTimes, Stamp } from '../epoch/authority.js';
import type { ReadPlan } from '../plan/plan.js';
import type { Scope } from '../scope/scope.js';
import type { EngineCore } from './core.js';
import type { SkipEvent } from './events.js';
import type { Flight, Landing } from './flights.js';
import type { NotFound } from './lookup.js';
import { planOf, type PreparedRead } from './prepared-read.js';

export interface Fetched {
  readonly result: unknown;
  readonly status: 'miss' | 'bypass';
  readonly reason: string;
  readonly scopes: readonly Scope[];
  readonly times: ReadTimes;
  /** Undefined where it was not encoded. */
  readonly encoded: EncodedResult | undefined;
  /** The entry that a write had made invalid held the same. */
  readonly isNeedless: boolean;
  /** For those who wait for the same; null when they must ask for themselves. */
  readonly landing: Landing | null;
}

/**
 * Asks the database and stores what it says in the background: epochs are captured before the database is read, and the result
 * is encoded before anyone gets to change it.
 *
 * @throws what the database throws
 */
export async function fetchAndFill(
  core: EngineCore,
  read: PreparedRead,
  found: NotFound,
  flight?: Flight,
): Promise<Fetched> {
  const { call, context } = read;
  const plan = planOf(core, read);
  const captured = found.kind === 'miss' ? found.view.capture() : found;
  const capture = captured.kind === 'capture' ? captured : null;
  const sourceTick = core.flights.tick();
  if (flight !== undefined) flight.sourceTick = sourceTick;
  const startMs = core.now();
  const ask = (): Promise<unknown> => call.execute(plan.args);
  const isOutage = found.kind === 'bypass' && found.isOutage === true;
  const raw = await (isOutage ? core.gate.run(core.ports, ask) : ask());
  const times: ReadTimes = { startMs, endMs: core.now() };
  const scopes = dependencies(core, plan, raw);
  const result = plan.strip(raw);
  const fills = capture !== null && scopes !== null;
  const wanted = fills || (flight?.followers ?? 0) > 0;
  // No read answers with nothing at all: Prisma does where it should have thrown that there is no row.
  const encoded = wanted && raw !== undefined ? encode(core, read, result) : null;
  const stamp = encoded !== null && fills ? capture.stamp(scopes, times) : null;
  // A stamp that has to be asked for comes too late for those who wait now.
  const known = stamp instanceof Promise ? null : stamp;
  core.authority.answered(context, { stamp: known, times, isLocal: true });
  if (encoded !== null && fills) {
    core.background('set', async () => {
      const resolved = await stamp;
      if (resolved !== known) {
        core.authority.answered(context, { stamp: resolved, times, isLocal: true });
      }
      await store(core, read, encoded, resolved, times);
    });
  }
  const depends = scopes ?? plan.scopes;
  const { kind: status, reason } = captured.kind === 'bypass' ? captured : found;
  const landing: Landing | null =
    encoded === null
      ? null
      : {
          sourceTick,
          times,
          stamp: known,
          status,
          scopes: depends,
          decode: (makeDecimal) => encoded.decode(makeDecimal),
        };
  const isNeedless =
    encoded !== null && found.kind === 'miss' && found.invalidated?.payload === encoded.payload;
  const how = { times, encoded: encoded ?? undefined, isNeedless };
  return { result, status, reason, scopes: depends, landing, ...how };
}

/** Null when the planner does not understand the result: it is not stored, and `onError` says why. */
function dependencies(core: EngineCore, plan: ReadPlan, raw: unknown): readonly Scope[] | null {
  try {
    return plan.dependencies(raw);
  } catch (error) {
    core.report(error, 'plan');
    return null;
  }
}

function encode(core: EngineCore, read: PreparedRead, result: unknown): EncodedResult | null {
  try {
    return encodeResult(result);
  } catch (error) {
    core.report(error, 'encode');
    skip(core, read, 'unsupported-value');
    return null;
  }
}

async function store(
  core: EngineCore,
  read: PreparedRead,
  encoded: EncodedResult,
  stamp: Stamp | null,
  times: ReadTimes,
): Promise<void> {
  if (stamp === null) return skip(core, read, 'raced');
  const { key, storeKey, lifetime } = read;
  const { digest, tenant } = key;
  // Counted from before the database was read: what it returned was true then.
  const freshUntilMs = times.startMs + lifetime.ttlSeconds * 1_000;
  const staleUntilMs = freshUntilMs + lifetime.swrSeconds * 1_000;
  const text = sealEntry({ digest, tenant, stamp, times, freshUntilMs, staleUntilMs }, encoded);
  const limit = Math.min(core.tier.maxValueBytes, core.store.capabilities.maxValueBytes);
  if (exceedsUtf8(text, limit)) return skip(core, read, 'too-large');
  const ttlSeconds = lifetime.ttlSeconds + lifetime.swrSeconds;
  await core.store.set(storeKey, text, { ttlSeconds });
}

function skip(core: EngineCore, { call, key }: PreparedRead, reason: SkipEvent['reason']): void {
  const { model, action } = call.operation;
  core.emit({ type: 'skip', model, action, key: key.digest, reason });
}
