/** One answer that a query has had, from a commit until the next that changed it. */
interface Span {
  readonly from: number;
  readonly text: string;
}

/**
 * What every query would have been answered after each commit. The order of commits is known, so that an answer can be told old
 * from new without searching for an order that explains it.
 */
export class History {
  #last = 0;
  readonly #spans = new Map<string, Span[]>();
  readonly #times: number[] = [Number.NEGATIVE_INFINITY];
  readonly #changed: (readonly string[])[] = [[]];

  /** The number of the newest commit. */
  get last(): number {
    return this.#last;
  }

  /** A commit: what each query is answered from now on. */
  commit(nowMs: number, answers: ReadonlyMap<string, string>): void {
    this.#last += 1;
    this.#times.push(nowMs);
    const changed: string[] = [];
    for (const [query, text] of answers) {
      const spans = this.#spans.get(query) ?? [];
      if (spans.at(-1)?.text === text) continue;
      spans.push({ from: this.#last, text });
      this.#spans.set(query, spans);
      changed.push(query);
    }
    this.#changed.push(changed);
  }

  /** The queries that are answered otherwise since a commit. */
  changedBy(commit: number): readonly string[] {
    return this.#changed[commit] ?? [];
  }

  /** The commits that changed the answer of a query. */
  changes(query: string): readonly number[] {
    return (this.#spans.get(query) ?? []).map(({ from }) => from);
  }

  /** The newest commit that was done by then. */
  at(timeMs: number): number {
    let last = this.#last;
    while (last > 0 && (this.#times[last] ?? 0) > timeMs) last -= 1;
    return last;
  }

  /**
   * The first commit, not before `since` or in force then, after which the query was answered so; undefined when it never was:
   * the answer is older than `since`, or was never true.
   */
  find(query: string, text: string, since: number): number | undefined {
    const spans = this.#spans.get(query) ?? [];
    for (const [index, span] of spans.entries()) {
      const end = spans[index + 1]?.from ?? Number.POSITIVE_INFINITY;
      if (span.text === text && end > since) return Math.max(span.from, since);
    }
    return undefined;
  }
}
