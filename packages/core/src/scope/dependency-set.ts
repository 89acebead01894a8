import { ModelDependencies } from './model-dependencies.js';
import type { Facet, ModelScopes, Partitioning } from './model-scopes.js';
import { EVERYTHING, tagScope, type Scope } from './scope.js';

/**
 * Collects what a read depends on. Adds by itself what every dependency brings along: `*`, the `!` of each model touched, and
 * for whatever is narrowed by a partition that partition's `!` and `{f=?}`.
 */
export class DependencySet {
  readonly #tags = new Set<Scope>();
  readonly #models = new Map<string, ModelDependencies>();

  tag(tag: string): void {
    this.#tags.add(tagScope(tag));
  }

  /** The read touches the model: imprecise changes of it count. */
  touch(scopes: ModelScopes): void {
    this.#of(scopes);
  }

  /** Any row of the model, in these facets. */
  model(scopes: ModelScopes, facets: readonly Facet[]): void {
    this.#of(scopes)?.model(facets);
  }

  /** The rows whose tracked key has this value, in these facets. */
  partition(scopes: ModelScopes, by: Partitioning, value: string, facets: readonly Facet[]): void {
    this.#of(scopes)?.partition(by, value, facets);
  }

  /** The row that this identifier would name, whether or not it exists. */
  possibleRow(scopes: ModelScopes, identifier: string, facets: readonly Facet[]): void {
    this.#of(scopes)?.possibleRow(identifier, facets);
  }

  /** A row that was read, in these facets, and imprecise changes of the partitions it lies in. */
  row(
    scopes: ModelScopes,
    identifier: string,
    facets: readonly Facet[],
    values: readonly (string | undefined)[],
  ): void {
    this.#of(scopes)?.row(identifier, facets, values);
  }

  /**
   * The set as scopes, folded towards `max`: rows into partitions first, then whole models, those before the others of which that
   * saves most. A fold widens, it never drops, so what cannot be folded further may still exceed `max`.
   */
  toScopes(max: number): readonly Scope[] {
    const models = [...this.#models.values()];
    const size = models.reduce((sum, model) => sum + model.size, 1 + this.#tags.size);
    if (size > max) fold(models, size - max);
    const out: Scope[] = [EVERYTHING, ...this.#tags];
    for (const model of models) model.addTo(out);
    return out;
  }

  /** Undefined at granularity `model`, where touching is all there is. */
  #of(scopes: ModelScopes): ModelDependencies | undefined {
    let model = this.#models.get(scopes.name);
    if (model === undefined) {
      model = new ModelDependencies(scopes);
      this.#models.set(scopes.name, model);
    }
    return scopes.granularity === 'model' ? undefined : model;
  }
}

function fold(models: readonly ModelDependencies[], excess: number): void {
  let left = excess;
  for (const model of models.toSorted((a, b) => b.size - a.size)) {
    if (left <= 0) return;
    const before = model.size;
    model.foldRows();
    left -= before - model.size;
  }
  const folds = models
    .map((model) => ({ model, saving: model.size - model.foldedSize }))
    .filter(({ saving }) => saving > 0)
    .toSorted((a, b) => b.saving - a.saving);
  for (const { model, saving } of folds) {
    if (left <= 0) return;
    model.foldModel();
    left -= saving;
  }
}
