import { assertTenant, assertUser, type CallContext, type Session } from '@boost/core';
import type { CacheExtensionOptions, PrivateContext } from './options.js';

/** Who makes an operation, as the engine needs it. */
export interface OperationContext {
  readonly call: CallContext;
  /** The application has tenants, and this operation does not say which: what it reads is nobody's to cache. */
  readonly isTenantMissing: boolean;
}

/** What `getPrivateContext` did when the operation was made: it may have thrown, which concerns the operation alone. */
export type CapturedContext =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly context: PrivateContext | null | undefined }
  | { readonly kind: 'failed'; readonly error: unknown };

const NONE: CapturedContext = { kind: 'none' };

/** Asks for the context of the operation that is being made. Never throws. */
export function captureContext(
  getPrivateContext: CacheExtensionOptions['getPrivateContext'],
): CapturedContext {
  if (getPrivateContext === undefined) return NONE;
  try {
    return { kind: 'given', context: getPrivateContext() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/**
 * The context of an operation.
 *
 * A write without a tenant is one that explicitly has none: it reaches the readers of every tenant.
 *
 * @throws what `getPrivateContext` threw: without the tenant, neither a read nor an invalidation can be right
 * @throws BoostError `BOOST_TENANT_INVALID`, `BOOST_TENANT_RESERVED`
 */
export function operationContext(captured: CapturedContext, session: Session): OperationContext {
  if (captured.kind === 'failed') throw captured.error;
  if (captured.kind === 'none') {
    return { call: { tenant: undefined, user: undefined, session }, isTenantMissing: false };
  }
  const { tenantId, userId } = captured.context ?? {};
  const tenant = tenantId === undefined || tenantId === null ? null : assertTenant(tenantId);
  const user = userId === undefined || userId === null ? undefined : assertUser(userId);
  return { call: { tenant, user, session }, isTenantMissing: tenantId === undefined };
}
