import { env } from 'cloudflare:workers';
import type { TestCoordinator } from './worker.js';

const bindings = env as unknown as Record<
  'SQLITE' | 'PLAIN',
  DurableObjectNamespace<TestCoordinator>
>;

export type Stub = DurableObjectStub<TestCoordinator>;

export const namespaces: typeof bindings = bindings;

let made = 0;

/** An object that no other test knows. */
export function freshStub(
  kind: 'SQLITE' | 'PLAIN',
  suffix = '',
): { name: string; stub: () => Stub } {
  made += 1;
  const name = `object-${made}${suffix}`;
  return { name, stub: () => bindings[kind].getByName(name) };
}
