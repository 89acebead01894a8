/** What the worker tells of itself at `/state`. */
export interface State {
  /** Reads that have come in. */
  readonly received: number;
  /** Reads whose caller has gone. */
  readonly aborted: number;
  /** Statements that wait at the gate of the database. */
  readonly waiting: number;
  /** Statements that reached the gate. */
  readonly statements: number;
}
