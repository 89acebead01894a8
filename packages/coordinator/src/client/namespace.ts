import type { CoordinatorRpc } from '../rpc.js';

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
  get(id: unknown, options?: { readonly locationHint: string }): CoordinatorRpc;
  jurisdiction(jurisdiction: string): Typed;
}

/** A new stub for each attempt: one whose call has failed may go on failing. */
export function stubOf(
  namespace: CoordinatorNamespace,
  { locationHint, jurisdiction }: Placement,
  name: string,
): CoordinatorRpc {
  const whole = namespace as unknown as Typed;
  const part = jurisdiction === undefined ? whole : whole.jurisdiction(jurisdiction);
  const id = part.idFromName(name);
  return locationHint === undefined ? part.get(id) : part.get(id, { locationHint });
}
