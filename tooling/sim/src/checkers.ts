/** A promise, by the name of what checks it. */
export type Checker =
  /** A client sees its own writes. */
  | 'own-writes'
  /** A session sees the writes of the requests whose ticket it continues. */
  | 'ticket-writes'
  /** The clients of an isolate see each other's writes. */
  | 'isolate-writes'
  /** No client is given an older answer to a query than the last one; with a coordinator, to any query. */
  | 'monotonic'
  /** Everyone sees a write when KV has told everyone, or within the staleness that was allowed. */
  | 'propagation'
  /** `strong` reads and the writes of a row can be put in one order. */
  | 'linearizable'
  /** What a `strong` read is told was true at some moment of the read. */
  | 'strong'
  /** No tenant is shown the answer of another. */
  | 'tenants'
  /** Nothing is served past its time to live. */
  | 'time-to-live'
  /** Every answer was true at some time. */
  | 'never-true'
  /** Every operation of a request that lives ends. */
  | 'unanswered'
  /** Nothing but the database makes an operation fail, and a coordinator out of reach a write. */
  | 'rejected'
  /** When everything works again the cache does. */
  | 'hits-resume';
