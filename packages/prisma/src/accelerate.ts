import type { CacheClient } from './cache-client.js';

/** What `$accelerate` answers with. */
export interface AccelerateResult {
  /** Always `unspecified`: nobody was asked. */
  readonly requestId: string;
}

/** The client methods of Prisma Accelerate. They take effect at once: in a transaction use `tx.$invalidateCache`. */
export interface AccelerateMethods {
  /**
   * Invalidates what has one of the tags.
   *
   * @throws BoostError `BOOST_STRATEGY_INVALID` for ill-formed tags, or more than 5
   */
  invalidate(input: { readonly tags: readonly string[] }): Promise<AccelerateResult>;
  /** Invalidates everything of the tenant. */
  invalidateAll(): Promise<AccelerateResult>;
}

export function accelerateMethods(client: CacheClient): AccelerateMethods {
  const invalidate = async (
    target: Parameters<typeof client.engine.invalidate>[0],
  ): Promise<AccelerateResult> => {
    await client.engine.invalidate(target, client.contextOf(undefined).call);
    return { requestId: 'unspecified' };
  };
  return {
    invalidate: ({ tags }) => invalidate({ kind: 'tags', tags }),
    invalidateAll: () => invalidate({ kind: 'all' }),
  };
}
