/** What the worker tells of itself at `/state`. */
export interface State {
  /** Reads of KV that were asked for, those that failed included. */
  readonly asked: number;
  /** What `onError` was told: the operation and the code. */
  readonly errors: readonly string[];
  /** Queries under way at once, at most. */
  readonly mostQueries: number;
  readonly queries: number;
}

/** What `/read` answers. */
export interface Answer {
  readonly posts: readonly unknown[];
  readonly status: string;
  readonly reason?: string;
}
