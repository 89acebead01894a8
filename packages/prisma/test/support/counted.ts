/** A client that tells of the queries it sends. */
interface Telling {
  $on(event: 'query', listener: () => void): unknown;
}

/** Counts the statements that reach the database through a client made with `log: [{ emit: 'event', level: 'query' }]`. */
export function countQueries(client: unknown): { sent(): number } {
  let total = 0;
  (client as Telling).$on('query', () => {
    total += 1;
  });
  let told = 0;
  return {
    /** Statements since the last call. */
    sent() {
      const since = total - told;
      told = total;
      return since;
    },
  };
}
