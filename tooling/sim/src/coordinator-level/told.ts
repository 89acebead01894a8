/**
 * Which commits everyone can hear of. An entry that is older than several commits is hit by the first of them that changes it, and
 * perhaps by no later one: what counts is up to which commit all have been told.
 */
export class Told {
  readonly #told = new Set<number>();
  /** How far it had got, and when. */
  readonly #steps: { readonly atMs: number; readonly upTo: number }[] = [{ atMs: 0, upTo: 0 }];

  add(commits: readonly number[], nowMs: number): void {
    for (const commit of commits) this.#told.add(commit);
    let upTo = this.#steps.at(-1)?.upTo ?? 0;
    while (this.#told.delete(upTo + 1)) upTo += 1;
    this.#steps.push({ atMs: nowMs, upTo });
  }

  /** The commit up to which all had been told by then. */
  at(timeMs: number): number {
    let index = this.#steps.length - 1;
    while (index > 0 && (this.#steps[index]?.atMs ?? 0) > timeMs) index -= 1;
    return this.#steps[index]?.upTo ?? 0;
  }
}
