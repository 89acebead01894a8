import {
  coarse,
  type InvalidateEvent,
  type ReadEvent,
  type Scope,
  type SkipEvent,
} from '@boost/core';
import { shortened, shownScopes } from './shown-scopes.js';
import type { ShownEntry } from './wire.js';

type Tenant = string | null | undefined;

interface Known {
  readonly key: string;
  readonly model: string;
  readonly action: string;
  tenant: Tenant;
  scopes: readonly Scope[];
  isPartial: boolean;
  size: number;
  hits: number;
  misses: number;
  seenAtMs: number;
  state: ShownEntry['state'];
  by?: { readonly seq: number; readonly scope: string } | undefined;
  reason?: string | undefined;
}

/** The entries least lately read are forgotten first. */
const MAX_ENTRIES = 200;

/**
 * The entries of the cache as the events of one isolate tell of them. What other isolates write, and what time makes old, shows
 * with the next read.
 */
export class Entries {
  /** By key, the one read last at the end. */
  readonly #known = new Map<string, Known>();

  read(event: ReadEvent, atMs: number): void {
    const { key, status, tenant, scopes, size, coalesced } = event;
    // What went past the cache says nothing of what is in it.
    if (key === undefined || status === 'bypass') return;
    const isNew = !this.#known.has(key);
    const known = this.#touch(key, event, atMs);
    known.tenant = tenant;
    if (isNew) known.scopes = scopes;
    if (coalesced) return;
    known.size = size;
    if (status !== 'miss') {
      known.hits += 1;
      return becomeCurrent(known);
    }
    known.misses += 1;
    known.scopes = scopes;
    known.isPartial = false;
    // That the result was not stored may be told before the read is.
    if (known.state !== 'skipped' || known.reason === 'raced') becomeCurrent(known);
  }

  skip(event: SkipEvent, atMs: number): void {
    const known = this.#touch(event.key, event, atMs);
    known.state = 'skipped';
    known.by = undefined;
    known.reason = event.reason;
  }

  /** @returns the keys of the entries that the write made wrong */
  invalidate({ tenant, scopes }: InvalidateEvent, seq: number): readonly string[] {
    const exact = new Set(scopes);
    const coarsened = new Set(scopes.map(coarse));
    const fell: string[] = [];
    for (const known of this.#known.values()) {
      if (known.state !== 'current') continue;
      const scope = sharedScope(known, tenant, exact, coarsened);
      if (scope === undefined) continue;
      known.state = 'fell';
      known.by = { seq, scope: shortened(scope) };
      fell.push(known.key);
    }
    return fell;
  }

  /** The one read last comes first. */
  shown(): readonly ShownEntry[] {
    return [...this.#known.values()].reverse().map(({ tenant, scopes, by, reason, ...known }) => ({
      ...known,
      ...(tenant === undefined ? {} : { tenant }),
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      scopes: shownScopes(scopes),
    }));
  }

  *scopes(): Iterable<Scope> {
    for (const { scopes } of this.#known.values()) yield* scopes;
  }

  #touch(key: string, { model, action }: ReadEvent | SkipEvent, atMs: number): Known {
    const known: Known = this.#known.get(key) ?? {
      ...{ key, model, action, tenant: undefined, scopes: [], isPartial: true },
      ...{ size: 0, hits: 0, misses: 0, state: 'current', seenAtMs: atMs },
    };
    known.seenAtMs = atMs;
    this.#known.delete(key);
    this.#known.set(key, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_ENTRIES) break;
      this.#known.delete(oldest);
    }
    return known;
  }
}

function becomeCurrent(known: Known): void {
  known.state = 'current';
  known.by = undefined;
  known.reason = undefined;
}

/**
 * What a write bumps and an entry depends on: within a tenant the scopes themselves; where one of the two has none their models,
 * which is what crosses tenants.
 */
function sharedScope(
  entry: Known,
  tenant: Tenant,
  exact: ReadonlySet<Scope>,
  coarsened: ReadonlySet<Scope>,
): Scope | undefined {
  if (entry.tenant === tenant) return entry.scopes.find((scope) => exact.has(scope));
  if (typeof entry.tenant === 'string' && typeof tenant === 'string') return undefined;
  return entry.scopes.map(coarse).find((scope) => coarsened.has(scope));
}
