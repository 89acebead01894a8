import type { ScopeHash } from './scope-hash.js';

const LEAST_SLOTS = 1 << 6;
/** Numerator of the greatest load, in quarters. */
const MAX_LOAD_QUARTERS = 3;

/**
 * The last sequence number at which each of many scopes was bumped: a hash table with open addressing, 16 bytes a slot. A million
 * scopes take 32 MiB, and 48 MiB while the table grows; a `Map` takes more than an isolate has to give.
 */
export class BumpTable {
  #hashes = new Float64Array(LEAST_SLOTS);
  #seqs = new Float64Array(LEAST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Zero for a scope that was never bumped, or that was forgotten. */
  get(hash: ScopeHash): number {
    return this.#seqs[this.#slotOf(hash)] ?? 0;
  }

  /** A bump that is older than the one known changes nothing. */
  raise(hash: ScopeHash, seq: number): void {
    const slot = this.#slotOf(hash);
    if (this.#hashes[slot] === 0) {
      this.#hashes[slot] = hash;
      this.#seqs[slot] = seq;
      this.#size += 1;
      const isFull = this.#size * 4 > this.#hashes.length * MAX_LOAD_QUARTERS;
      if (isFull) this.#rebuild(this.#hashes.length * 2, 0);
      return;
    }
    if ((this.#seqs[slot] ?? 0) < seq) this.#seqs[slot] = seq;
  }

  /** Forgets every bump at or before `seq`. */
  forget(seq: number): void {
    this.#rebuild(this.#hashes.length, seq);
  }

  clear(): void {
    this.#hashes = new Float64Array(LEAST_SLOTS);
    this.#seqs = new Float64Array(LEAST_SLOTS);
    this.#size = 0;
  }

  /** The sequence number at or before which the given share of the scopes was last bumped. */
  quantile(share: number): number {
    const seqs = this.#seqs.filter((seq) => seq > 0).sort();
    return seqs[Math.ceil(seqs.length * share) - 1] ?? 0;
  }

  #slotOf(hash: ScopeHash): number {
    const mask = this.#hashes.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = this.#hashes[slot];
      if (found === hash || found === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rebuild(slots: number, after: number): void {
    const hashes = this.#hashes;
    const seqs = this.#seqs;
    this.#hashes = new Float64Array(slots);
    this.#seqs = new Float64Array(slots);
    this.#size = 0;
    hashes.forEach((hash, index) => {
      const seq = seqs[index] ?? 0;
      if (hash === 0 || seq <= after) return;
      const slot = this.#slotOf(hash);
      this.#hashes[slot] = hash;
      this.#seqs[slot] = seq;
      this.#size += 1;
    });
  }
}
