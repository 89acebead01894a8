import type { ShownTenant } from './wire.js';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Those least lately seen are forgotten first. */
const MAX_TENANTS = 100;

/** Who reads and writes. */
export class Tenants {
  /** By name, the one seen last at the end. */
  readonly #known = new Map<string | null, Mutable<ShownTenant>>();

  count(tenant: string | null | undefined, what: 'reads' | 'hits' | 'writes'): void {
    const name = tenant ?? null;
    const known = this.#known.get(name) ?? { tenant: name, reads: 0, hits: 0, writes: 0 };
    known[what] += 1;
    this.#known.delete(name);
    this.#known.set(name, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_TENANTS) break;
      this.#known.delete(oldest);
    }
  }

  /** The one seen last comes first. */
  shown(): readonly ShownTenant[] {
    return [...this.#known.values()].reverse().map((known) => ({ ...known }));
  }
}
