import { partitionValue } from '../schema/partitionable.js';
import type { Model, RelationField } from '../schema/schema.js';
import type { Partitioning } from '../scope/model-scopes.js';
import type { PlanContext } from './context.js';
import { inForce } from '../rules.js';
import type { Args } from './plan.js';

/** Fields that a `where` holds to one of a few values: field → values. The rows it matches all have one of them. */
export type Pins = ReadonlyMap<string, readonly unknown[]>;

/** A filter or nested argument, as opposed to a value (Date, Decimal, FieldRef, …). */
export function isArgs(value: unknown): value is Args {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** Most values of one partition key that are worth a scope each. */
const MAX_PINNED_VALUES = 100;

/** The equalities of a `where`: `equals`, `in`, plain values, inside `AND`, in every branch of `OR`, on a to-one relation's key. */
export function pinsOf(context: PlanContext, model: Model, where: unknown): Pins {
  const pins = new Map<string, readonly unknown[]>();
  if (isArgs(where)) addPins(context, model, where, pins);
  return pins;
}

function addPins(
  context: PlanContext,
  model: Model,
  where: Args,
  pins: Map<string, readonly unknown[]>,
): void {
  const add = (field: string, values: readonly unknown[]): void => {
    const known = pins.get(field);
    if (known === undefined || values.length < known.length) pins.set(field, values);
  };
  for (const [name, value] of Object.entries(where)) {
    if (value === undefined || name === 'NOT') continue;
    if (name === 'AND') {
      for (const branch of asList(value)) {
        if (isArgs(branch)) addPins(context, model, branch, pins);
      }
    } else if (name === 'OR') {
      for (const [field, values] of commonPins(context, model, asList(value))) add(field, values);
    } else {
      const field = model.fields.get(name);
      if (field === undefined) {
        addCompound(model, name, value, add);
      } else if (field.kind === 'relation') {
        addRelation(context, field, value, add);
      } else if (!field.list) {
        const values = equalities(value);
        if (values !== undefined) add(name, values);
      }
    }
  }
}

function commonPins(
  context: PlanContext,
  model: Model,
  branches: readonly unknown[],
): Map<string, readonly unknown[]> {
  const common = new Map<string, readonly unknown[]>();
  branches.forEach((branch, index) => {
    const pins = pinsOf(context, model, branch);
    if (index === 0) {
      for (const [field, values] of pins) common.set(field, values);
      return;
    }
    for (const [field, values] of common) {
      const more = pins.get(field);
      if (more === undefined) common.delete(field);
      else common.set(field, [...values, ...more]);
    }
  });
  return common;
}

type AddPin = (field: string, values: readonly unknown[]) => void;

function addCompound(model: Model, name: string, value: unknown, add: AddPin): void {
  const unique = model.uniques.find((candidate) => candidate.name === name);
  if (unique === undefined || !isArgs(value)) return;
  for (const field of unique.fields) {
    if (value[field] !== undefined) add(field, [value[field]]);
  }
}

/** `author: { id: 7 }` holds `authorId` to 7: a row matches only if its author does. */
function addRelation(
  context: PlanContext,
  relation: RelationField,
  value: unknown,
  add: AddPin,
): void {
  if (relation.side !== 'key' || !isArgs(value)) return;
  if ('isNot' in value) return;
  const target = pinsOf(
    context,
    context.model(relation.target),
    'is' in value ? value['is'] : value,
  );
  relation.fields.forEach((field, index) => {
    const values = target.get(relation.references[index] as string);
    if (values !== undefined && !values.includes(null)) add(field, values);
  });
}

function equalities(value: unknown): readonly unknown[] | undefined {
  if (!isArgs(value)) return [value];
  if (value['mode'] === 'insensitive' && inForce('equality-mode')) return undefined;
  if (value['equals'] !== undefined) return [value['equals']];
  if (Array.isArray(value['in'])) return value['in'] as unknown[];
  return undefined;
}

/** The narrowest thing that the pins name: rows by identifier, or partitions by one tracked key. */
export type Narrowing =
  | {
      readonly kind: 'rows';
      readonly fields: readonly string[];
      readonly values: readonly string[];
    }
  | { readonly kind: 'partitions'; readonly by: Partitioning; readonly values: readonly string[] };

export function narrow(context: PlanContext, model: Model, pins: Pins): Narrowing | null {
  if (pins.size === 0) return null;
  const scopes = context.scopes(model.name);
  if (scopes.identifier !== null) {
    const values = pinnedTexts(context, model, scopes.identifier, pins);
    if (values !== null) return { kind: 'rows', fields: scopes.identifier, values };
  }
  let best: Partitions | null = null;
  for (const by of scopes.partitionings) {
    const values = pinnedTexts(context, model, by.key, pins);
    if (values === null) continue;
    const found = { by, values };
    if (best === null || isNarrower(found, best, context.limits.maxScopes / 8)) best = found;
  }
  return best === null ? null : { kind: 'partitions', ...best };
}

interface Partitions {
  readonly by: Partitioning;
  readonly values: readonly string[];
}

/** A key with more fields names parts of the same partitions: worth a scope for each unless they would soon be folded. */
function isNarrower(a: Partitions, b: Partitions, maxValues: number): boolean {
  if (a.by.unique !== b.by.unique) return a.by.unique;
  const fewer = a.values.length < b.values.length;
  if (contains(a.by.key, b.by.key)) {
    return a.values.length <= Math.max(maxValues, b.values.length);
  }
  if (contains(b.by.key, a.by.key)) return fewer && b.values.length > maxValues;
  return fewer;
}

function contains(key: readonly string[], part: readonly string[]): boolean {
  return part.every((field) => key.includes(field));
}

/** The texts of all combinations of the pinned values of these fields; null where one is not pinned, or has no text. */
export function pinnedTexts(
  context: PlanContext,
  model: Model,
  fields: readonly string[],
  pins: Pins,
): readonly string[] | null {
  let tuples: string[][] = [[]];
  for (const name of fields) {
    const values = pins.get(name);
    const field = model.fields.get(name);
    if (values === undefined || field?.kind !== 'scalar') return null;
    if (values.length * tuples.length > MAX_PINNED_VALUES) return null;
    const texts = new Set<string>();
    for (const value of values) {
      const text = partitionValue(context.schema, field, value);
      if (text === undefined) return null;
      texts.add(text);
    }
    tuples = tuples.flatMap((tuple) => [...texts].map((text) => [...tuple, text]));
  }
  return tuples.map(tupleText);
}

/** `7` for a single field, `[7,"a"]` for several: the text inside a scope. */
export function tupleText(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(',')}]`;
}
