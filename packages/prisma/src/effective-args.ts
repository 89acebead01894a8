import { isPlainObject, valueKind, type Args, type Model, type Schema } from '@boost/core';
import type { ComputedFields, GlobalOmit } from './internal/prisma-internals.js';

/** What a client adds to the arguments of its operations without showing it in them. */
export interface ClientShape {
  readonly schema: Schema;
  readonly omit: GlobalOmit | undefined;
  readonly origin: { computedFields(model: string): ComputedFields | undefined };
}

/**
 * The arguments that say in full which fields the database is asked for: client-level `omit` and what computed fields need are
 * spelled out, and names of computed fields are gone. Two clients whose effective arguments are equal get equal rows.
 *
 * Follows what Prisma's client does when it serialises a query (`serializeJsonQuery`, `computeEngineSideSelection`,
 * `computeEngineSideOmissions`).
 *
 * @returns the same object where nothing had to be spelled out; null where a level selects nothing that is stored
 */
export function effectiveArgs(shape: ClientShape, model: string, args: Args): Args | null {
  return effectiveLevel(shape, shape.schema.model(model), withoutSkips(args) as Args);
}

/** `Prisma.skip` says "as if the property were not there"; without it nobody below has to know that. */
function withoutSkips(value: unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(withoutSkips);
    return parts.some((part, index) => part !== value[index]) ? parts : value;
  }
  if (!isPlainObject(value)) return value;
  let kept: Record<string, unknown> | undefined;
  for (const [name, part] of Object.entries(value)) {
    if (typeof part !== 'object' || part === null) continue;
    if (valueKind(part) === 'skip') {
      kept ??= { ...value };
      delete kept[name];
      continue;
    }
    const own = withoutSkips(part);
    if (own !== part) (kept ??= { ...value })[name] = own;
  }
  return kept ?? value;
}

function effectiveLevel(shape: ClientShape, model: Model, args: Args): Args | null {
  const computed = shape.origin.computedFields(model.name);
  if (isPlainObject(args['select'])) {
    const select = effectiveSelect(shape, model, args['select'], computed);
    if (select === null || select === args['select']) return select === null ? null : args;
    return { ...args, select };
  }
  const omit = effectiveOmit(shape, model, args['omit'], computed);
  const include = isPlainObject(args['include'])
    ? effectiveRelations(shape, model, args['include'])
    : args['include'];
  if (include === null) return null;
  if (omit === args['omit'] && include === args['include']) return args;
  const effective: Record<string, unknown> = { ...args, omit, include };
  if (omit === undefined) delete effective['omit'];
  if (include === undefined) delete effective['include'];
  return effective;
}

function effectiveSelect(
  shape: ClientShape,
  model: Model,
  select: Args,
  computed: ComputedFields | undefined,
): Args | null {
  const relations = effectiveRelations(shape, model, select);
  if (relations === null || computed === undefined) return relations;
  const chosen = Object.values(computed).filter(({ name }) => Boolean(select[name]));
  if (chosen.length === 0) return relations;
  const spelled: Record<string, unknown> = { ...relations };
  for (const { name } of chosen) if (!model.fields.has(name)) delete spelled[name];
  for (const { needs } of chosen) for (const field of needs) spelled[field] = true;
  return Object.values(spelled).some(Boolean) ? spelled : null;
}

function effectiveRelations(shape: ClientShape, model: Model, nested: Args): Args | null {
  let spelled: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(nested)) {
    if (value !== true && !isPlainObject(value)) continue;
    const field = model.fields.get(name);
    if (field?.kind !== 'relation') continue;
    const own = isPlainObject(value) ? value : EMPTY;
    const effective = effectiveLevel(shape, shape.schema.model(field.target), own);
    if (effective === null) return null;
    if (effective !== own) (spelled ??= { ...nested })[name] = effective;
  }
  return spelled ?? nested;
}

const EMPTY: Args = {};

function effectiveOmit(
  { omit: byClient }: ClientShape,
  model: Model,
  own: unknown,
  computed: ComputedFields | undefined,
): unknown {
  const ofModel = byClient?.[uncapitalize(model.name)];
  if (ofModel === undefined && (own === undefined || computed === undefined)) return own;
  const omissions: Record<string, unknown> = {
    ...ofModel,
    ...(isPlainObject(own) ? own : undefined),
  };
  const needed = new Set<string>();
  for (const { name, needs } of Object.values(computed ?? {})) {
    if (!omissions[name]) for (const field of needs) needed.add(field);
  }
  const omit: Record<string, boolean> = {};
  for (const [name, value] of Object.entries(omissions)) {
    if (!model.fields.has(name)) continue;
    if (Boolean(value) && !needed.has(name)) omit[name] = true;
    // The client omits it by itself where it is not told otherwise.
    else if (ofModel?.[name] === true) omit[name] = false;
  }
  return Object.keys(omit).length === 0 ? undefined : omit;
}

function uncapitalize(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
