import type { CoordinatorRpc, RelayRpc } from './rpc.js';

/**
 * Calls as requests, for workers whose compatibility date is older than RPC between workers (2024-04-03): their stubs have `fetch`
 * alone.
 */
export type Method = keyof CoordinatorRpc | keyof RelayRpc;

/** The part of a stub that every compatibility date has. */
export interface Fetching {
  fetch(url: string, init: { readonly method: string; readonly body: string }): Promise<Answer>;
}

interface Answer {
  readonly ok: boolean;
  text(): Promise<string>;
}

const METHODS: readonly string[] = [
  'sync',
  'check',
  'begin',
  'commit',
  'abort',
  'unknown',
  'regroup',
  'relaySync',
  'relayCheck',
] satisfies readonly Method[];
/** Names a list of hashes in JSON. */
const HASHES = '$hashes';

export async function callByFetch(
  stub: Fetching,
  method: Method,
  args: readonly unknown[],
): Promise<unknown> {
  const body = encode([method, ...args]);
  const answer = await stub.fetch('https://coordinator/', { method: 'POST', body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return decode(text);
}

/** What the object answers to such a request. */
export async function answerFetch(
  object: CoordinatorRpc & RelayRpc,
  body: string,
): Promise<string> {
  const [method, ...args] = decode(body) as readonly unknown[];
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    throw new Error(`the coordinator has no method ${String(method)}`);
  }
  const methods = object as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  // What was left out comes as null.
  const given = args.map((arg) => arg ?? undefined);
  return encode(await methods[method]?.(...given));
}

/** `undefined` becomes null, at the end of a list of arguments nothing. */
function encode(value: unknown): string {
  const given = Array.isArray(value) && value.at(-1) === undefined ? value.slice(0, -1) : value;
  return JSON.stringify(given ?? null, (_, part: unknown) =>
    part instanceof Float64Array ? { [HASHES]: [...part] } : part,
  );
}

function decode(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    const hashes = (part as Readonly<Record<string, unknown>> | null)?.[HASHES];
    return Array.isArray(hashes) ? Float64Array.from(hashes as readonly number[]) : part;
  });
}
