/** How a kind of shared state is made; the object itself tells kinds apart. */
export interface StateKind<State> {
  readonly make: () => State;
}

const states = new WeakMap<object, Map<StateKind<unknown>, unknown>>();

/**
 * The state that every client of this isolate shares for one backend: flights, own bumps. It holds plain data and promises
 * only, since anything that does I/O belongs to the request that made it.
 */
export function isolateState<State>(identity: object, kind: StateKind<State>): State {
  let kinds = states.get(identity);
  if (kinds === undefined) {
    kinds = new Map();
    states.set(identity, kinds);
  }
  if (!kinds.has(kind)) kinds.set(kind, kind.make());
  return kinds.get(kind) as State;
}
