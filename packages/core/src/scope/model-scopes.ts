import type { Model, ScalarField, TrackedKey } from '../schema/schema.js';
import type { Granularity, Scope } from './scope.js';
import { impreciseScope } from './scope.js';

/** `#rows`, `#<field>` or a field group, already coarsened. */
export type Facet = string;

/** Which writes count for a model: the product page's `fieldTracking`. */
export interface FieldTracking {
  /** False: no field precision; any update of a row counts as an update of all its fields. @defaultValue true */
  readonly enabled?: boolean;
  /** Fields that change often and matter little: reads that do not show or use them survive their updates at every granularity. */
  readonly neverInvalidateOn?: readonly string[];
  /** Fields whose update counts as an update of every field. */
  readonly alwaysInvalidateOn?: readonly string[];
}

/** A tracked key with the texts that its scopes are made of. The identifier is not among them: it names rows. */
export interface Partitioning {
  readonly key: TrackedKey;
  /** At most one row has a value: only existence is tracked, the row itself is named by its identifier. */
  readonly unique: boolean;
  /**
   * Writes reach rows by this key alone, without naming them: foreign keys (referential actions, nested writes) and unique
   * fields. Every read of a row then depends on where it lies by these keys (`place`); for other tracked keys, which change more
   * often (a status, a score), that would cost more than it saves.
   */
  readonly reachable: boolean;
  /** `Post{authorId=` */
  readonly open: string;
  /**
   * `Post{authorId=?}`. At granularity `row`, of a model that has nothing but keys (a join table written out), `PostTag!`: its rows
   * are read by their keys and seldom moved, and each read of them has a key less in its entry.
   */
  readonly unknown: Scope;
}

export const ROWS = '#rows';
/** By which of the keys that writes reach it by a row can be reached. */
const PLACE = '#~place';

/**
 * The vocabulary of one model at one granularity, made once per model. This is where scopes are coarsened: dependency sets
 * and bump sets both get their texts here, and nowhere else.
 */
export class ModelScopes {
  readonly model: Model;
  readonly granularity: Granularity;
  readonly name: string;
  readonly imprecise: Scope;
  readonly identifier: readonly string[] | null;
  /** `Post{id=?}`: rows created or removed whose identifier the writer does not know. */
  readonly unknownIdentifier: Scope;
  readonly partitionings: readonly Partitioning[];
  /** Fields that the client can see. */
  readonly visible: readonly ScalarField[];
  readonly visibleNames: readonly string[];
  /** Fields that must be in a row for its scopes to be known: the identifier and the tracked keys. */
  readonly imageFields: readonly string[];
  /** The facet of a row that says where it lies; at coarser granularities the facet of its keys says it too. */
  readonly place: readonly Facet[];
  /** Fields of the keys that rows are reached by. */
  readonly #reachedBy: ReadonlySet<string>;
  readonly #facets = new Map<string, Facet>();
  readonly #always: ReadonlySet<string>;
  readonly #allFacets: readonly Facet[];
  readonly #fieldPrecise: boolean;

  constructor(model: Model, granularity: Granularity, tracking: FieldTracking = {}) {
    this.model = model;
    this.granularity = granularity;
    this.name = model.name;
    this.imprecise = impreciseScope(model.name);
    this.identifier = model.identifier?.fields ?? null;
    const identifierText = this.identifier?.join() ?? '';
    this.unknownIdentifier = `${model.name}{${identifierText}=?}`;
    const uniques = new Set(model.uniques.map((unique) => unique.fields.join()));
    const foreign = new Set(model.relations.map(({ side, fields }) => `${side} ${fields.join()}`));
    this.visible = model.scalars.filter((field) => field.selectable);
    this.visibleNames = this.visible.map((field) => field.name);
    const keys = new Set([...(this.identifier ?? []), ...model.tracked.flat()]);
    const onlyLinks = granularity === 'row' && model.scalars.every(({ name }) => keys.has(name));
    this.partitionings = model.tracked
      .filter((key) => key.join() !== identifierText)
      .map((key) => {
        const unique = uniques.has(key.join());
        const unknown = `${model.name}{${key.join()}=?}`;
        return {
          key,
          unique,
          reachable: unique || foreign.has(`key ${key.join()}`) || model.kind === 'join',
          open: `${model.name}{${key.join()}=`,
          unknown: onlyLinks && !unique ? this.imprecise : unknown,
        };
      });
    this.imageFields = [...keys];
    const reachedBy = this.partitionings.flatMap(({ key, reachable }) => (reachable ? key : []));
    this.#reachedBy = new Set(reachedBy);
    this.place = granularity === 'field' && reachedBy.length > 0 ? [PLACE] : [];
    const never = new Set(tracking.neverInvalidateOn);
    // Every update sets these: among the rest they would have each invalidate what it shall not.
    if (never.size > 0) for (const name of model.updatedAt) never.add(name);
    this.#always = new Set(tracking.alwaysInvalidateOn);
    this.#fieldPrecise = tracking.enabled ?? true;
    // Where a row lies has to be told by the facet of its keys.
    for (const name of [...(this.identifier ?? []), ...reachedBy]) never.delete(name);
    for (const { name } of model.scalars) {
      this.#facets.set(name, this.#facetOf(name, keys.has(name), never.has(name)));
    }
    this.#facets.set(ROWS, granularity === 'field' ? ROWS : '#~key');
    this.#allFacets = [...new Set([...this.#facets.values(), ...this.place])];
  }

  #facetOf(field: string, isKey: boolean, isNever: boolean): Facet {
    if (this.granularity === 'field') return `#${field}`;
    if (isNever) return '#~never';
    return isKey ? '#~key' : '#~rest';
  }

  /** The facets of these fields, and of existence when asked for; without duplicates. Unknown names count as every field. */
  facets(fields: Iterable<string>, rows: boolean): readonly Facet[] {
    const found = new Set<Facet>();
    if (rows) found.add(this.#facets.get(ROWS) as Facet);
    for (const field of fields) {
      const facet = this.#facets.get(field);
      if (facet === undefined) return this.#allFacets;
      found.add(facet);
    }
    return [...found];
  }

  /** The facets that an update of these fields bumps: all of them where the user, or a missing field precision, says so. */
  updateFacets(fields: ReadonlySet<string>): readonly Facet[] {
    if (!this.#fieldPrecise) return this.#allFacets;
    for (const field of fields) if (this.#always.has(field)) return this.#allFacets;
    const facets = this.facets(fields, false);
    const moves = this.place.length > 0 && [...fields].some((field) => this.#reachedBy.has(field));
    return moves ? [...new Set([...facets, ...this.place])] : facets;
  }

  get allFacets(): readonly Facet[] {
    return this.#allFacets;
  }
}
