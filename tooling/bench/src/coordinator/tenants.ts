/// <reference lib="es2024.string" />
import {
  assertTenant,
  createKeySpace,
  createMemoryAdapter,
  encodeTenant,
  isBoostError,
  kvAuthority,
  makeKey,
  Store,
  type Authority,
  type Scope,
} from '@boost/core';
import { Random } from '../workload/random.ts';

/** What ids, keys and scopes are put together of: what means something in a key, a URL, a name or a language. */
const PARTS = [
  ...Array.from('abAB01:;/#*!{}=?~%._-|,"\\ \u0000\n\u00e9\u212b\u00c5\ud800\udc00'),
  '\ud800',
  'e\u0301',
  '%3a',
  '~3a',
  '~~',
  'epoch-',
  'public',
  'public-0',
  'public-up',
  '.relay-0',
  't.',
  '__proto__',
  'Post:42',
  'Post!',
  'undefined',
  'acme',
  'ACME',
] as const;
const MAX_PARTS = 4;
/** One id in so many has 10 kB: its name is a digest. */
const LONG_IN = 500;
const LONG = 'x'.repeat(10_000);

/**
 * Fuzzed tenants with fuzzed keys and scopes, each filling what it reads into a store that all share.
 *
 * @returns how often one found a value, an epoch or a coordinator where another had put its own
 */
export function crossTenantReads(operations: number): number {
  const random = new Random(7);
  const space = createKeySpace({ version: 'v1', schemaHash: 'h', databaseId: 'd' });
  const authority = sharedAuthority();
  const owners = new Owners();
  let crossed = 0;
  for (let operation = 0; operation < operations; operation++) {
    const tenant = accepted(text(random, LONG_IN));
    if (tenant === undefined) continue;
    const key = text(random);
    const scope: Scope = `Post:${JSON.stringify(text(random))}`;
    if (!key.isWellFormed()) continue;
    const args = { where: { title: key } };
    const { storeKey } = makeKey(space, { tenant, model: 'Post', action: 'findMany', args });
    const read = { tenant, session: authority.session(), key, consistency: 'session' } as const;
    const object = `epoch-${encodeTenant(tenant)}`;
    const names = [storeKey, object, `${object}.relay-0`];
    // A tenant shares the public epochs with all others, and has one of its own for each scope.
    const [own] = authority.prefetchKeys(read, [scope]);
    if (own !== undefined) names.push(own);
    for (const name of names) if (!owners.isOf(name, tenant)) crossed += 1;
  }
  return crossed;
}

/** Who put something under a name first. */
class Owners {
  readonly #owners = new Map<string, string>([
    ['epoch-public', ''],
    ['epoch-public-0', ''],
    ['epoch-public-0.relay-0', ''],
  ]);

  isOf(name: string, tenant: string): boolean {
    const owner = this.#owners.get(name);
    if (owner === undefined) this.#owners.set(name, tenant);
    return owner === undefined || owner === tenant;
  }
}

function text(random: Random, longIn?: number): string {
  const parts = Array.from(
    { length: random.int(1, MAX_PARTS) },
    () => PARTS[random.int(0, PARTS.length - 1)] ?? '',
  );
  const isLong = longIn !== undefined && random.int(1, longIn) === 1;
  return `${isLong ? LONG : ''}${parts.join('')}`;
}

/** Undefined for what is refused as an id: it never gets as far as a key. */
function accepted(id: string): string | undefined {
  try {
    return assertTenant(id);
  } catch (error) {
    if (isBoostError(error)) return undefined;
    throw error;
  }
}

function sharedAuthority(): Authority {
  const clock = { now: () => 0 };
  const ports = {
    clock,
    random: { bytes: (length: number) => new Uint8Array(length) },
    timers: { set: () => () => undefined },
    waitUntil: () => undefined,
  };
  const report = (error: unknown): never => {
    throw error;
  };
  const adapter = createMemoryAdapter({ clock, shared: true });
  const store = new Store({ adapter, ports, timeoutMs: 1_000, report });
  return kvAuthority({ granularity: 'row' })({ ports, store, report });
}
