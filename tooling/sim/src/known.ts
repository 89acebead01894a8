/** By query: the newest commit that changed its answer and that some reader must know of. */
export class Known {
  readonly #commits = new Map<string, number>();

  get(query: string): number {
    return this.#commits.get(query) ?? 0;
  }

  add(query: string, commit: number): void {
    this.#commits.set(query, Math.max(commit, this.get(query)));
  }

  addAll(other: Known): void {
    for (const [query, commit] of other.#commits) this.add(query, commit);
  }
}
