import type { CoordinatorRpc, RelayRpc } from '../rpc.js';
import { callByFetch, type Fetching, type Method } from '../wire.js';

/** The part of Cloudflare's `DurableObjectNamespace` that is used. */
export interface CoordinatorNamespace {
  idFromName(name: string): unknown;
  get(id: never, options?: never): unknown;
  jurisdiction?(jurisdiction: never): unknown;
}

export interface Placement {
  /** Where objects that nobody has asked for yet are made: `weur`, `enam`, … It counts at the first call only. */
  readonly locationHint?: string;
  /** Where objects stay by law: `eu`, `fedramp`. Objects of two jurisdictions are different ones, also of one name. */
  readonly jurisdiction?: string;
}

interface Typed {
  idFromName(name: string): unknown;
  get(
    id: unknown,
    options?: { readonly locationHint: string },
  ): Partial<CoordinatorRpc & RelayRpc> & Fetching;
  jurisdiction(jurisdiction: string): Typed;
}

/** Calls an object, by a new stub: one whose call has failed may go on failing. */
export async function callObject(
  namespace: CoordinatorNamespace,
  { locationHint, jurisdiction }: Placement,
  name: string,
  method: Method,
  args: readonly unknown[],
): Promise<unknown> {
  const whole = namespace as unknown as Typed;
  const part = jurisdiction === undefined ? whole : whole.jurisdiction(jurisdiction);
  const id = part.idFromName(name);
  const stub = locationHint === undefined ? part.get(id) : part.get(id, { locationHint });
  if (typeof stub[method] !== 'function') return callByFetch(stub, method, args);
  // A property of a stub's method would be one of the object's: it cannot be bound or applied.
  const methods = stub as unknown as Record<Method, (...given: unknown[]) => Promise<unknown>>;
  return methods[method](...args);
}
