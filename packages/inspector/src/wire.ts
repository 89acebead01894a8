/** What the inspector tells its page, as JSON. Names of models and fields, keys, scopes, sizes; never a value of a result. */

/** A tenant; null: explicitly none; absent: the application has no tenants. */
interface Whose {
  readonly tenant?: string | null;
}

/** A list that may have been too long to be shown whole. */
export interface ShownScopes {
  readonly shown: readonly string[];
  /** How many more there are. */
  readonly more: number;
}

interface Numbered {
  /** Counts up, without gaps. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export interface ShownRead extends Numbered, Whose {
  readonly kind: 'read';
  readonly model: string;
  readonly action: string;
  /** `hit-memory`, `hit-l1`, `hit-l2`, `stale`, `miss` or `bypass`. */
  readonly status: string;
  readonly reason?: string;
  /** Shared the answer of another read that was under way. */
  readonly coalesced: boolean;
  /** Names the entry; absent where there is none. */
  readonly key?: string;
  readonly scopes: ShownScopes;
  /** That the database took: saved by a hit, spent by a miss. */
  readonly databaseMs: number;
  /** Characters. */
  readonly size: number;
  /** A write had invalidated the entry, and the database then said the same. */
  readonly isNeedless: boolean;
}

export interface ShownWrite extends Numbered, Whose {
  readonly kind: 'write';
  /** `*` where a raw statement does not tell. */
  readonly model: string;
  readonly scopes: ShownScopes;
  /** The models, and join tables, that it bumped; `*` for all. */
  readonly bumped: readonly string[];
  /** Keys of entries that it made wrong. */
  readonly fell: readonly string[];
  readonly deleted: number;
  readonly incomplete: boolean;
  readonly costUsd: number;
  readonly reason?: string;
}

/** A result that was not stored. */
export interface ShownSkip extends Numbered {
  readonly kind: 'skip';
  readonly model: string;
  readonly action: string;
  readonly key: string;
  readonly reason: string;
}

/** A failure of the cache; the database answered. */
export interface ShownError extends Numbered {
  readonly kind: 'error';
  readonly operation: string;
  /** The code of a `BoostError`; the name of any other: its message might tell what nobody should see. */
  readonly code: string;
}

export type ShownEvent = ShownRead | ShownWrite | ShownSkip | ShownError;

export interface ShownEntry extends Whose {
  readonly key: string;
  readonly model: string;
  readonly action: string;
  readonly scopes: ShownScopes;
  /** Only hits were seen: the scopes are those that the arguments tell, without those of the rows. */
  readonly isPartial: boolean;
  readonly size: number;
  readonly hits: number;
  readonly misses: number;
  readonly seenAtMs: number;
  /** `current` as far as this isolate knows; `fell` to a write; `skipped`: the last result was not stored. */
  readonly state: 'current' | 'fell' | 'skipped';
  /** Of a fallen entry: the write, and the scope that both have; of a skipped one, why. */
  readonly by?: { readonly seq: number; readonly scope: string };
  readonly reason?: string;
}

export interface Counts {
  readonly hits: number;
  /** Answered by another read that was under way. */
  readonly shared: number;
  readonly misses: number;
  readonly bypasses: number;
  readonly writes: number;
  readonly errors: number;
  /** What the database would have taken for the hits. */
  readonly savedMs: number;
  /** What the store bills, by Cloudflare's prices for KV. */
  readonly costUsd: number;
}

/** Milliseconds that are counted together. */
export const BUCKET_MS = 2_000;

/** What happened within `BUCKET_MS` from `atMs` on. */
export interface Bucket extends Counts {
  readonly atMs: number;
}

export interface ShownTenant {
  /** null: operations without tenant. */
  readonly tenant: string | null;
  readonly reads: number;
  readonly hits: number;
  readonly writes: number;
}

/** Answer of `/__boost/events?since=SEQ`. */
export interface EventsReply {
  /** Another one than before: another isolate answers, which has seen other things. */
  readonly isolate: string;
  /** The last number given out. */
  readonly seq: number;
  /** Those after `since` that are still kept. */
  readonly events: readonly ShownEvent[];
  readonly nowMs: number;
  /** Absent where nothing has happened since. */
  readonly state?: {
    readonly entries: readonly ShownEntry[];
    readonly tenants: readonly ShownTenant[];
    readonly totals: Counts;
    readonly timeline: readonly Bucket[];
  };
}

export interface GraphModel {
  readonly name: string;
  readonly kind: 'model' | 'view';
  readonly fields: number;
}

export interface GraphRelation {
  /** The model that holds the key; of a many-to-many relation the first by name. */
  readonly from: string;
  readonly to: string;
  /** The key's fields, or the join table. */
  readonly by: string;
  readonly kind: 'key' | 'join';
  /** What becomes of the rows that hold the key when the other one goes. */
  readonly onDelete: string;
}

/** Answer of `/__boost/schema`. */
export interface GraphReply {
  readonly models: readonly GraphModel[];
  readonly relations: readonly GraphRelation[];
}

export interface ShownFence {
  readonly id: string;
  /** Scopes that this isolate knows by name. */
  readonly scopes: readonly string[];
  /** How many it does not: they travel as hashes. */
  readonly unknown: number;
}

export interface ShownObject {
  readonly name: string;
  readonly incarnation: string;
  readonly seq: number;
  /** While it is above 0 nothing is answered from the cache: the object is new. */
  readonly quietMs: number;
  readonly fences: readonly ShownFence[];
}

/** Answer of `/__boost/coordinator`. */
export interface CoordinatorReply {
  readonly configured: boolean;
  readonly objects: readonly ShownObject[];
  /** Tenants whose objects were not asked: the ones seen least lately. */
  readonly left: number;
}
