import { coordinatorAuthority, type CoordinatorNamespace } from '@boost/coordinator';
import { createMemoryAdapter, Store, type Authority, type Ports } from '@boost/core';

/** The object whose relays are asked. */
export const RELAYED = 'epoch-acme';
const RELAYS = 4;
const READS = 20;
const SCOPES = ['*', 'Story!', 'Story:7#title'] as const;

const ports: Ports = {
  clock: { now: () => Date.now() },
  random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  timers: {
    set(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  waitUntil: () => undefined,
};

/** As an isolate of its own has it: what isolates share among their requests, they share by the binding. */
function isolate(namespace: CoordinatorNamespace): Authority {
  const binding: CoordinatorNamespace = {
    idFromName: (name) => namespace.idFromName(name),
    get: (id) => namespace.get(id),
  };
  const report = (error: unknown): never => {
    throw error;
  };
  const adapter = createMemoryAdapter({ clock: ports.clock });
  const store = new Store({ adapter, ports, timeoutMs: 1_000, report });
  const sharding = { tenantShards: { acme: RELAYS } };
  const options = { namespace: binding, sharding, usesStrong: true, crossTenant: false };
  // On a busy machine a relay may take its time: what is measured is how many questions reach the primary.
  return coordinatorAuthority({ ...options, timeoutMs: 30_000 })({ ports, store, report });
}

/**
 * Strong reads of so many readers at a time, each in an isolate of its own, which has nobody to share a question with but at its relay.
 *
 * @returns how many
 */
export async function readRelayed(
  namespaces: { readonly EPOCH_COORDINATOR: CoordinatorNamespace },
  readers: number,
): Promise<number> {
  const read = async (): Promise<void> => {
    const authority = isolate(namespaces.EPOCH_COORDINATOR);
    const session = authority.session();
    const context = { tenant: 'acme', session, key: 'q', consistency: 'strong' } as const;
    for (let n = 0; n < READS; n++) await authority.open(context, SCOPES, new Map());
  };
  await Promise.all(Array.from({ length: readers }, read));
  return readers * READS;
}
