import { inForce } from '../rules.js';
import { ROWS, type Facet, type ModelScopes, type Partitioning } from './model-scopes.js';
import type { Scope } from './scope.js';

/** A row that a read shows; `values` by position in `ModelScopes.partitionings`, undefined where the row does not tell. */
interface RowDependency {
  facets: readonly Facet[];
  readonly values: readonly (string | undefined)[];
}

/**
 * What a read depends on of one model, in three widths: single rows, partitions, the whole model. Narrower parts can be
 * folded into wider ones; a fold widens and never drops.
 */
export class ModelDependencies {
  readonly #model = new Set<Facet>();
  /** Facets by base (`Post{authorId=7}`, `Post:42`), with what else must hold for that base. */
  readonly #narrow = new Map<string, Set<Facet>>();
  readonly #rows = new Map<string, RowDependency>();
  /** Fields of the tracked keys whose partitions are depended on. */
  readonly #partitionKeys = new Set<string>();
  /** `{f=?}` and partitions' `!`. */
  readonly #companions = new Set<Scope>();

  readonly scopes: ModelScopes;

  constructor(scopes: ModelScopes) {
    this.scopes = scopes;
  }

  model(facets: Iterable<Facet>): void {
    for (const facet of facets) this.#model.add(facet);
  }

  partition(by: Partitioning, value: string, facets: readonly Facet[]): void {
    const base = `${by.open}${value}}`;
    for (const field of by.key) this.#partitionKeys.add(field);
    if (inForce('depend-unknown-partition') && by.unknown !== this.scopes.imprecise) {
      this.#companions.add(by.unknown);
    }
    this.#imprecise(by, base);
    if (this.scopes.granularity === 'row' && by.unique) {
      const existence = this.scopes.facets([], true);
      this.#addNarrow(base, [ROWS]);
      this.model(facets.filter((facet) => !existence.includes(facet)));
    } else {
      this.#addNarrow(base, facets);
    }
  }

  possibleRow(identifier: string, facets: readonly Facet[]): void {
    this.#companions.add(this.scopes.unknownIdentifier);
    this.#addNarrow(`${this.scopes.name}:${identifier}`, facets);
  }

  row(identifier: string, facets: readonly Facet[], values: readonly (string | undefined)[]): void {
    const base = `${this.scopes.name}:${identifier}`;
    const known = this.#rows.get(base);
    if (known === undefined) this.#rows.set(base, { facets, values });
    else if (known.facets !== facets) known.facets = [...new Set([...known.facets, ...facets])];
    values.forEach((value, index) => {
      const by = this.scopes.partitionings[index];
      if (by !== undefined && value !== undefined) this.#imprecise(by, `${by.open}${value}}`);
    });
  }

  get size(): number {
    let size = 1 + this.#model.size + this.#companions.size;
    for (const facets of this.#narrow.values()) size += facets.size;
    for (const row of this.#rows.values()) size += row.facets.length;
    return size;
  }

  /** The size that `foldModel` would leave. */
  get foldedSize(): number {
    return this.#isWide ? this.size : 1 + this.#folded().size;
  }

  /** Folds rows into the partitions of one tracked key, the one that makes the set smallest. False where no key makes it smaller. */
  foldRows(): boolean {
    if (this.#rows.size < 2) return false;
    let best: { by: Partitioning; values: Set<string> } | undefined;
    this.scopes.partitionings.forEach((by, index) => {
      if (by.unique) return;
      const values = new Set<string>();
      for (const row of this.#rows.values()) {
        const value = row.values[index];
        if (value === undefined) return;
        values.add(value);
      }
      if (best === undefined || values.size < best.values.size) best = { by, values };
    });
    if (best === undefined || best.values.size >= this.#rows.size) return false;
    const facets = this.#rowFacets();
    for (const value of best.values) this.partition(best.by, value, facets);
    this.#rows.clear();
    return true;
  }

  /** Folds everything into the model's own facets. */
  foldModel(): void {
    if (this.#isWide) return;
    if (!inForce('fold-widens')) return this.#rows.clear();
    this.model(this.#folded());
    this.#rows.clear();
    this.#narrow.clear();
    this.#companions.clear();
  }

  get #isWide(): boolean {
    return this.#narrow.size === 0 && this.#rows.size === 0;
  }

  /** The model's facets after a fold. */
  #folded(): ReadonlySet<Facet> {
    const folded = new Set([...this.#model, ...this.#rowFacets()]);
    for (const facets of this.#narrow.values()) {
      // A unique partition's existence has a facet of its own at granularity `row`; the model's is coarser.
      for (const facet of facets) if (facet !== ROWS) folded.add(facet);
    }
    // Of the model, a row that moves between partitions bumps the key alone.
    for (const facet of this.scopes.facets(this.#partitionKeys, true)) folded.add(facet);
    return folded;
  }

  addTo(out: Scope[]): void {
    if (inForce('depend-imprecise-model') || this.scopes.granularity === 'model') {
      out.push(this.scopes.imprecise);
    }
    out.push(...this.#companions);
    for (const facet of this.#model) out.push(this.scopes.name + facet);
    for (const [base, facets] of this.#narrow) for (const facet of facets) out.push(base + facet);
    for (const [base, row] of this.#rows) for (const facet of row.facets) out.push(base + facet);
  }

  #rowFacets(): readonly Facet[] {
    const facets = new Set<Facet>();
    for (const row of this.#rows.values()) for (const facet of row.facets) facets.add(facet);
    return [...facets];
  }

  #imprecise(by: Partitioning, base: string): void {
    if (!by.reachable || !inForce('depend-imprecise-partition')) return;
    if (this.scopes.granularity === 'field') this.#companions.add(`${base}!`);
  }

  #addNarrow(base: string, facets: readonly Facet[]): void {
    const known = this.#narrow.get(base);
    if (known === undefined) this.#narrow.set(base, new Set(facets));
    else for (const facet of facets) known.add(facet);
  }
}
