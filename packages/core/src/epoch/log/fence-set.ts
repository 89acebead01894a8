import type { ScopeHash, ScopeHashes } from './scope-hash.js';

/** The writes that are under way, and which scopes they may change. */
export class FenceSet {
  readonly #fences = new Map<string, ScopeHashes>();
  /** How many of the fences cover a scope. */
  readonly #covers = new Map<ScopeHash, number>();

  get size(): number {
    return this.#fences.size;
  }

  get(id: string): ScopeHashes | undefined {
    return this.#fences.get(id);
  }

  /** Fences the scopes for a write, beside those that it fences already; returns all of them. */
  open(id: string, hashes: ScopeHashes): ScopeHashes {
    const known = this.#fences.get(id);
    if (known !== undefined) this.close(id);
    const all = Float64Array.from(new Set([...(known ?? []), ...hashes]));
    this.#fences.set(id, all);
    for (const hash of all) this.#covers.set(hash, (this.#covers.get(hash) ?? 0) + 1);
    return all;
  }

  close(id: string): void {
    for (const hash of this.#fences.get(id) ?? []) {
      const count = this.#covers.get(hash) ?? 0;
      if (count > 1) this.#covers.set(hash, count - 1);
      else this.#covers.delete(hash);
    }
    this.#fences.delete(id);
  }

  clear(): void {
    this.#fences.clear();
    this.#covers.clear();
  }

  /** Whether a write under way may change any of the scopes. */
  covers(hashes: Iterable<ScopeHash>): boolean {
    if (this.#covers.size === 0) return false;
    for (const hash of hashes) if (this.#covers.has(hash)) return true;
    return false;
  }

  entries(): Iterable<readonly [id: string, hashes: ScopeHashes]> {
    return this.#fences;
  }
}
