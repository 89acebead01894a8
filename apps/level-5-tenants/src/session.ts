import type { PrivateContext } from 'prisma-boost';

/** In place of your auth middleware: it believes whatever the caller says of itself. */
export function getSession(request: Request): PrivateContext | undefined {
  const tenantId = request.headers.get('x-tenant');
  const userId = request.headers.get('x-user');
  if (tenantId !== null) return { tenantId, userId };
  // Explicitly of no tenant: what it reads is everybody's, what it writes reaches everybody.
  if (userId === 'operator') return { tenantId: null };
  return undefined;
}
