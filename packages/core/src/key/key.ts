import { canonicalText } from './canonical.js';

/** Version of stored entries and epochs: packages of different versions read each other or miss. */
export const STORE_FORMAT = 'b1';

/** Everything that decides what a read returns. */
export interface KeyParts {
  /** The `version` option. */
  readonly version: string;
  readonly schemaHash: string;
  /** Tells databases apart that share a store. */
  readonly databaseId: string;
  readonly tenant: string | null | undefined;
  /** Present where the result is private to a user. */
  readonly user: string | undefined;
  readonly model: string;
  readonly action: string;
  readonly args: unknown;
  /** Client-level `omit`. */
  readonly omit?: unknown;
  /** Result shape, `needs`, and what else the caller knows to decide the result. */
  readonly variant?: readonly string[];
}

/**
 * The text that names a read, injective over its parts: a JSON-like list whose strings are quoted, so that no part can reach
 * into another.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED`
 */
export function keyText(parts: KeyParts): string {
  return canonicalText([
    STORE_FORMAT,
    parts.version,
    parts.schemaHash,
    parts.databaseId,
    parts.tenant,
    parts.user,
    parts.model,
    parts.action,
    parts.omit,
    parts.variant,
    parts.args,
  ]);
}

/** Digest of a text: lower-case hex of its SHA-256. */
export type Digest = (text: string) => Promise<string>;

/**
 * What a tenant's keys begin with. Ids are hashed, so that neither their length nor any character in them can reach another
 * tenant's keys.
 */
export async function tenantPrefix(
  digest: Digest,
  tenant: string | null | undefined,
): Promise<string> {
  if (tenant === undefined) return `${STORE_FORMAT}:`;
  if (tenant === null) return `${STORE_FORMAT}:public:`;
  return `${STORE_FORMAT}:t-${(await digest(`tenant:${tenant}`)).slice(0, 40)}:`;
}
