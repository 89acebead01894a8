import type { RelationText } from '@boost/core';
import { onDeleteOf, onUpdateOf } from './actions.js';
import type { Source } from './build-models.js';
import type { TextField, TextModel } from './datamodel-text.js';
import type { DmmfField, DmmfModel } from './dmmf.js';

type KeyRelation = Extract<RelationText, { side: 'key' }>;

/** A relation's field as both the DMMF and the text can tell it. */
interface Side {
  readonly name: string;
  readonly holdsKey: boolean;
}

/** The relations of a model that the client has. */
export function relationsOf(source: Source, model: DmmfModel): RelationText[] {
  const relations: RelationText[] = [];
  for (const field of model.fields) {
    if (field.kind !== 'object' || !field.relationName) continue;
    const other = otherSide(source, model, field);
    if (isKeySide(field)) relations.push(keySide(source, model, field, other));
    else if (other?.holdsKey === true) relations.push(inverseSide(field, other));
    else if (other !== undefined) {
      relations.push(joinSide(model.name, field.name, field.type, other.name, field.relationName));
    }
  }
  return relations;
}

function isKeySide(field: DmmfField): boolean {
  return (field.relationFromFields?.length ?? 0) > 0;
}

/** The field of the target that is the other side, also where `@ignore` hides it from the client. */
function otherSide(source: Source, model: DmmfModel, field: DmmfField): Side | undefined {
  const target = source.datamodel.models.find(({ name }) => name === field.type);
  const visible = target?.fields.find(
    (candidate) =>
      candidate.relationName === field.relationName &&
      candidate.type === model.name &&
      (field.type !== model.name || candidate.name !== field.name),
  );
  if (visible !== undefined) return { name: visible.name, holdsKey: isKeySide(visible) };
  const hidden = source.text.models
    .get(field.type)
    ?.fields.find(
      (candidate) =>
        candidate.ignored &&
        candidate.type === model.name &&
        relationNameOf(field.type, candidate) === field.relationName,
    );
  return hidden && { name: hidden.name, holdsKey: hidden.relation !== undefined };
}

function keySide(
  source: Source,
  model: DmmfModel,
  field: DmmfField,
  other: Side | undefined,
): KeyRelation {
  if (field.isList) {
    throw new Error(
      `${model.name}.${field.name}: a many-to-many relation that keeps its keys in a list (MongoDB) cannot be followed. Use a model for the relation, or do not cache with this schema.`,
    );
  }
  const fields = field.relationFromFields ?? [];
  const text = source.text.models.get(model.name);
  const optional = isOptional(text, !field.isRequired, fields);
  return {
    side: 'key',
    name: field.name,
    relationName: unlessDefault(model.name, field.type, field.relationName ?? ''),
    target: field.type,
    inverse: other?.name ?? '',
    nullable: !field.isRequired,
    fields,
    references: field.relationToFields ?? [],
    onDelete: onDeleteOf(field.relationOnDelete, { ...contextOf(source), optional }),
    onUpdate: onUpdateOf((field as { relationOnUpdate?: string }).relationOnUpdate),
  };
}

function contextOf({ provider, text }: Source): Pick<Source, 'provider'> & {
  relationMode: 'foreignKeys' | 'prisma';
} {
  return { provider, relationMode: text.relationMode };
}

function isOptional(
  model: TextModel | undefined,
  optional: boolean,
  fields: readonly string[],
): boolean {
  const required = model?.fields.some(
    (field) => fields.includes(field.name) && !field.optional && !field.list,
  );
  return optional && required !== true;
}

function inverseSide(field: DmmfField, other: Side): RelationText {
  return {
    side: 'inverse',
    name: field.name,
    target: field.type,
    inverse: other.name,
    list: field.isList,
  };
}

/**
 * Column `A` of the join table refers to the model whose name comes first; in a self-relation, the field whose name comes first
 * is looked up by `A` (checked on the SQL of Prisma 7.10).
 */
function joinSide(
  model: string,
  name: string,
  target: string,
  inverse: string,
  relationName: string,
): RelationText {
  const first = model === target ? byCodeUnit(name, inverse) < 0 : byCodeUnit(model, target) < 0;
  return { side: 'join', name, target, inverse, table: `_${relationName}`, own: first ? 'A' : 'B' };
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What Prisma calls a relation that has no name of its own. */
function defaultName(a: string, b: string): string {
  return [a, b].sort(byCodeUnit).join('To');
}

function unlessDefault(model: string, target: string, name: string): string {
  return name === defaultName(model, target) ? '' : name;
}

function relationNameOf(model: string, field: TextField): string {
  return field.relationName ?? defaultName(model, field.type);
}

/** Foreign keys that the client cannot see: of `@@ignore`d models, and of fields with `@ignore`. */
export function hiddenRelations(source: Source, model: TextModel | undefined): KeyRelation[] {
  if (model === undefined) return [];
  const relations: KeyRelation[] = [];
  for (const field of model.fields) {
    const { name, type: target, relation } = field;
    if (relation === undefined || !(model.ignored || field.ignored)) continue;
    const relationName = relationNameOf(model.name, field);
    const { fields, references } = relation;
    const optional = isOptional(model, field.optional, fields);
    relations.push({
      side: 'key',
      name,
      relationName: unlessDefault(model.name, target, relationName),
      target,
      inverse: visibleInverse(source, model.name, target, relationName)?.name ?? '',
      nullable: field.optional,
      fields,
      references,
      onDelete: onDeleteOf(relation.onDelete, { ...contextOf(source), optional }),
      onUpdate: onUpdateOf(relation.onUpdate),
    });
  }
  return relations;
}

/**
 * Sides of implicit many-to-many relations that `@ignore` hides, where the client has the other side: deleting a row of this
 * model deletes rows of the join table, which the other side reads.
 */
export function hiddenJoins(source: Source, model: TextModel | undefined): RelationText[] {
  if (model === undefined) return [];
  const joins: RelationText[] = [];
  for (const field of model.fields) {
    if (!field.ignored || !field.list) continue;
    const relationName = relationNameOf(model.name, field);
    const inverse = visibleInverse(source, model.name, field.type, relationName);
    if (inverse?.isList !== true) continue;
    joins.push(joinSide(model.name, field.name, field.type, inverse.name, relationName));
  }
  return joins;
}

/** The target's field that the client does have, though this side is hidden. */
function visibleInverse(
  { datamodel }: Source,
  model: string,
  target: string,
  relationName: string,
): DmmfField | undefined {
  const fields = datamodel.models.find(({ name }) => name === target)?.fields;
  return fields?.find(
    (field) => field.relationName === relationName && field.type === model && !isKeySide(field),
  );
}
