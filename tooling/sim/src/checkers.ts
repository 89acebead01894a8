/** A promise, by the name of what checks it. */
export type Checker =
  /** A client sees its own writes. */
  | 'own-writes'
  /** A session sees the writes of the requests whose ticket it continues. */
  | 'ticket-writes'
  /** The clients of an isolate see each other's writes. */
  | 'isolate-writes'
  /** No client is given an older answer to a query than the last one. */
  | 'monotonic'
  /** Everyone sees a write when KV has told everyone. */
  | 'propagation'
  /** Nothing is served past its time to live. */
  | 'time-to-live'
  /** Every answer was true at some time. */
  | 'never-true'
  /** Every operation of a request that lives ends. */
  | 'unanswered'
  /** Nothing but the database makes an operation fail. */
  | 'rejected'
  /** When everything works again the cache does. */
  | 'hits-resume';
