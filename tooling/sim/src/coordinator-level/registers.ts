import type { ChangedRow } from '../database.ts';
import { contradiction, type RegisterOperation } from './linearizability.ts';
import type { Operation } from './server.ts';

/** What was written to each row and what `strong` reads were told of it. */
export class Registers {
  readonly #rows = new Map<number, RegisterOperation[]>();
  readonly #endsMs = new Map<Operation, number>();
  readonly #writes: {
    readonly operation: Operation;
    readonly id: number;
    readonly value: string;
  }[] = [];

  /** @param operation - undefined for what was there from the beginning */
  commit(operation: Operation | undefined, changed: readonly ChangedRow[]): void {
    for (const { model, id, row } of changed) {
      if (model !== 'Item' || row === undefined) continue;
      const value = String(row['value']);
      if (operation !== undefined) this.#writes.push({ operation, id, value });
      else this.#of(id).push({ kind: 'write', value, startMs: -2, endMs: -1 });
    }
  }

  acknowledge(operation: Operation, nowMs: number): void {
    this.#endsMs.set(operation, nowMs);
  }

  /** A `strong` read was told this. What is not there is no value: it could be any of several removals. */
  read(result: unknown, startMs: number, endMs: number): void {
    for (const part of [result].flat()) {
      if (typeof part !== 'object' || part === null) continue;
      const { id, value, items } = part as Readonly<Record<string, unknown>>;
      if (items !== undefined) this.read(items, startMs, endMs);
      if (typeof id !== 'number' || typeof value !== 'string') continue;
      this.#of(id).push({ kind: 'read', value, startMs, endMs });
    }
  }

  /** Why the rows have no order of operations that agrees with real time; undefined when each has one. */
  contradiction(): string | undefined {
    const all = new Map([...this.#rows].map(([id, operations]) => [id, [...operations]]));
    for (const { operation, id, value } of this.#writes) {
      const endMs = this.#endsMs.get(operation) ?? Number.POSITIVE_INFINITY;
      all.get(id)?.push({ kind: 'write', value, startMs: operation.beganMs, endMs });
    }
    for (const [id, operations] of all) {
      const wrong = contradiction(operations);
      if (wrong !== undefined) return `item ${String(id)}: ${wrong}`;
    }
    return undefined;
  }

  #of(id: number): RegisterOperation[] {
    let operations = this.#rows.get(id);
    if (operations === undefined) {
      operations = [];
      this.#rows.set(id, operations);
    }
    return operations;
  }
}
