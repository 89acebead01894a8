import type { Drop, Entry } from './strategy.ts';

/** The entries of a strategy, and what it removed of them. */
export class Entries {
  readonly #entries = new Map<string, Entry>();
  #drops: Drop[] = [];

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  set(entry: Entry): Entry {
    this.#entries.set(entry.key, entry);
    return entry;
  }

  drop(key: string, cause?: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#drops.push(cause === undefined ? { entry } : { entry, cause });
  }

  takeDrops(): readonly Drop[] {
    const drops = this.#drops;
    this.#drops = [];
    return drops;
  }
}
