import type { Clock } from '../ports.js';
import type { SpacedKey } from './space.js';

interface PendingWrite {
  readonly keys: Set<SpacedKey>;
  readonly deadlineAtMs: number;
}

const REMEMBERED_COMMITS = 10_000;

/**
 * The order of a set of writes: one sequence number, the last number at which each key was bumped, the writes under way, and a
 * floor below which everything is invalid. This is the coordinator's state machine, without its storage.
 */
export class BumpLog {
  /** Changes when the log's memory was lost: stamps of another incarnation prove nothing. */
  readonly incarnation: string;
  readonly #clock: Clock;
  readonly #maxBumps: number;
  readonly #bumps = new Map<SpacedKey, number>();
  readonly #pending = new Map<string, PendingWrite>();
  /** Ids of writes whose commit was processed: a repeat is ignored. */
  readonly #committed = new Set<string>();
  #seq = 0;
  #floor = 0;

  constructor(incarnation: string, clock: Clock, maxBumps: number) {
    this.incarnation = incarnation;
    this.#clock = clock;
    this.#maxBumps = maxBumps;
  }

  /** Everything that committed at or before this number is in what a database read that begins now returns. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether a write that is under way may change any of the keys. */
  isPending(keys: readonly SpacedKey[]): boolean {
    this.#closeOverdue();
    for (const write of this.#pending.values()) {
      if (keys.some((key) => write.keys.has(key))) return true;
    }
    return false;
  }

  /** The first of the keys that was bumped after `seq`; null when `seq` is below the floor, where that is not known any more. */
  bumpedSince(seq: number, keys: readonly SpacedKey[]): SpacedKey | null | undefined {
    this.#closeOverdue();
    if (seq < this.#floor) return null;
    return keys.find((key) => (this.#bumps.get(key) ?? 0) > seq);
  }

  begin(id: string, keys: readonly SpacedKey[], deadlineMs: number): void {
    if (this.#committed.has(id)) return;
    this.#seq += 1;
    this.#pending.set(id, {
      keys: new Set([...(this.#pending.get(id)?.keys ?? []), ...keys]),
      deadlineAtMs: this.#clock.now() + deadlineMs,
    });
  }

  extend(id: string, keys: readonly SpacedKey[]): void {
    for (const key of keys) this.#pending.get(id)?.keys.add(key);
  }

  /** Bumps even when the write is closed or was never announced; only the repeat of a processed commit is ignored. */
  commit(id: string, keys: readonly SpacedKey[]): void {
    if (this.#committed.has(id)) return;
    this.#committed.add(id);
    const [oldest] = this.#committed;
    if (oldest !== undefined && this.#committed.size > REMEMBERED_COMMITS) {
      this.#committed.delete(oldest);
    }
    this.#pending.delete(id);
    this.#bump(keys);
  }

  abort(id: string): void {
    this.#pending.delete(id);
  }

  /** Bumps now, and again at the deadline, until which the fence stands: the database may commit late. */
  unknown(id: string, keys: readonly SpacedKey[]): void {
    this.extend(id, keys);
    this.#bump(keys);
  }

  #bump(keys: Iterable<SpacedKey>): void {
    this.#seq += 1;
    for (const key of keys) this.#bumps.set(key, this.#seq);
    if (this.#bumps.size <= this.#maxBumps) return;
    this.#floor = this.#seq;
    this.#bumps.clear();
  }

  /** What the coordinator's alarm does: a writer that is not heard of counts as committed at its deadline. */
  #closeOverdue(): void {
    const now = this.#clock.now();
    for (const [id, write] of this.#pending) {
      if (write.deadlineAtMs > now) continue;
      this.#pending.delete(id);
      this.#bump(write.keys);
    }
  }
}
