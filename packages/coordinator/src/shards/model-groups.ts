import { BoostError, modelOf, type ModelGroups, type Scope } from '@boost/core';

/** Each is an object more that a read of several models has to ask. */
const MAX_GROUPS = 16;

/** By the groups, which group a model is in. */
const indices = new WeakMap<ModelGroups, ReadonlyMap<string, number>>();

/** The objects that order what an object without groups would order alone; it comes first. */
export function objectsOf(root: string, groups: ModelGroups | undefined): readonly string[] {
  const count = groups?.groups.length ?? 0;
  return [root, ...Array.from({ length: count }, (_, index) => groupObject(root, groups, index))];
}

/** The objects that order what the scopes are about, beside the one that they all have in common. */
export function groupObjectsOf(
  root: string,
  groups: ModelGroups | undefined,
  scopes: readonly Scope[],
): readonly string[] {
  if (groups === undefined) return NONE;
  const found = new Set<number>();
  for (const scope of scopes) {
    const index = indexOf(groups, scope);
    if (index !== undefined) found.add(index);
  }
  return Array.from(found, (index) => groupObject(root, groups, index));
}

/** The objects that a write of the scope is told. What is about no model is told everywhere. */
export function objectsOfScope(
  root: string,
  groups: ModelGroups | undefined,
  scope: Scope,
): readonly string[] {
  if (groups === undefined) return [root];
  if (modelOf(scope) === null) return objectsOf(root, groups);
  const index = indexOf(groups, scope);
  return [index === undefined ? root : groupObject(root, groups, index)];
}

/** The object that tells which groups are in force, by the name of one of a group. */
export function rootOf(name: string): string {
  return GROUP.exec(name)?.[1] ?? name;
}

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function checkGroups(option: string, given: unknown): ModelGroups {
  const { version, groups } = (given ?? {}) as Partial<Record<keyof ModelGroups, unknown>>;
  if (!(Number.isSafeInteger(version) && Number(version) >= 1)) {
    throw invalid(option, 'has no version: give a whole number that grows with every change');
  }
  if (!Array.isArray(groups) || groups.length > MAX_GROUPS) {
    throw invalid(option, `has no list of at most ${MAX_GROUPS} groups: give { version, groups }`);
  }
  const seen = new Set<unknown>();
  const models = groups.flatMap((group: unknown): readonly unknown[] =>
    Array.isArray(group) ? group : [null],
  );
  for (const model of models) {
    if (typeof model !== 'string' || model === '') {
      throw invalid(option, 'has a group that is no list of names of models');
    }
    if (seen.has(model)) throw invalid(option, `has the model ${model} twice`);
    seen.add(model);
  }
  return { version: Number(version), groups: groups as readonly (readonly string[])[] };
}

/** Whether both put the same models together, whatever the order and the version. */
export function isSameGrouping(one: ModelGroups, other: ModelGroups | undefined): boolean {
  const shape = ({ groups }: ModelGroups): string =>
    JSON.stringify(groups.map((models) => models.toSorted()).sort());
  return other !== undefined && shape(one) === shape(other);
}

const NONE: readonly string[] = [];
/** A tenant's name is encoded without a dot. */
const GROUP = /^(.+)\.g\d+-\d+$/;

/** An object of its own for each version: what one was told of another grouping is no part of this one. */
function groupObject(root: string, groups: ModelGroups | undefined, index: number): string {
  return `${root}.g${groups?.version ?? 0}-${index}`;
}

function indexOf(groups: ModelGroups, scope: Scope): number | undefined {
  let byModel = indices.get(groups);
  if (byModel === undefined) {
    const pairs = groups.groups.flatMap((models, index) =>
      models.map((model) => [model, index] as const),
    );
    byModel = new Map(pairs);
    indices.set(groups, byModel);
  }
  return byModel.get(modelOf(scope) ?? '');
}

function invalid(option: string, why: string): BoostError {
  return new BoostError('BOOST_OPTION_INVALID', `The option ${option} ${why}`, {
    details: { option },
  });
}
