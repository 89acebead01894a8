import type { Facet, ModelScopes, Partitioning } from './model-scopes.js';
import { ROWS } from './model-scopes.js';
import { EVERYTHING, impreciseScope, tagScope, type Scope } from './scope.js';

/** Collects what a write changes. The mirror of `DependencySet`: same bases, same facets, same coarsening. */
export class BumpSet {
  /** `*` and tags: of no model. */
  readonly #labels = new Set<Scope>();
  readonly #scopes = new Set<Scope>();
  readonly #imprecise = new Set<string>();

  everything(): void {
    this.#labels.add(EVERYTHING);
  }

  tag(tag: string): void {
    this.#labels.add(tagScope(tag));
  }

  /** Any row of the model may have changed in any way. */
  imprecise(scopes: ModelScopes): void {
    this.impreciseModel(scopes.name);
  }

  impreciseModel(name: string): void {
    this.#imprecise.add(name);
  }

  isImprecise(scopes: ModelScopes): boolean {
    return this.#imprecise.has(scopes.name);
  }

  model(scopes: ModelScopes, facets: readonly Facet[]): void {
    if (this.#coarse(scopes)) return;
    this.#addFacets(scopes.name, facets);
  }

  row(scopes: ModelScopes, identifier: string, facets: readonly Facet[]): void {
    if (this.#coarse(scopes)) return;
    this.#addFacets(`${scopes.name}:${identifier}`, facets);
  }

  /** Rows of this partition changed in these facets; the rows themselves are named elsewhere. */
  partition(scopes: ModelScopes, by: Partitioning, value: string, facets: readonly Facet[]): void {
    if (this.#coarse(scopes)) return;
    const base = `${by.open}${value}}`;
    if (scopes.granularity !== 'row' || !by.unique) {
      this.#addFacets(base, facets);
      return;
    }
    const existence = scopes.facets([], true);
    if (facets.some((facet) => existence.includes(facet))) this.#scopes.add(base + ROWS);
  }

  /** Rows of this partition changed, and it is not known which. */
  imprecisePartition(scopes: ModelScopes, by: Partitioning, value: string): void {
    if (this.#coarse(scopes)) return;
    if (scopes.granularity === 'row' || !by.reachable) this.imprecise(scopes);
    else this.#scopes.add(`${by.open}${value}}!`);
  }

  unknownPartition(scopes: ModelScopes, by: Partitioning): void {
    if (this.#coarse(scopes)) return;
    if (by.unknown === scopes.imprecise) this.imprecise(scopes);
    else this.#scopes.add(by.unknown);
  }

  unknownIdentifier(scopes: ModelScopes): void {
    if (this.#coarse(scopes)) return;
    this.#scopes.add(scopes.unknownIdentifier);
  }

  /** An imprecise change of a model makes its finer scopes redundant: every read of the model depends on it. */
  toScopes(): readonly Scope[] {
    const labels = [...this.#labels, ...[...this.#imprecise].map(impreciseScope)];
    if (this.#imprecise.size === 0) return [...labels, ...this.#scopes];
    const finer = [...this.#scopes].filter(
      (scope) => !this.#imprecise.has(scope.slice(0, scope.search(/[:#{]/))),
    );
    return [...labels, ...finer];
  }

  #coarse(scopes: ModelScopes): boolean {
    if (scopes.granularity === 'model') this.imprecise(scopes);
    return scopes.granularity === 'model';
  }

  #addFacets(base: string, facets: readonly Facet[]): void {
    for (const facet of facets) this.#scopes.add(base + facet);
  }
}
