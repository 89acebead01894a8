import type { RelationText } from '@boost/core';
import { onDeleteOf, onUpdateOf } from './actions.js';
import type { Source } from './build-models.js';
import { relationArguments, type TextModel } from './datamodel-text.js';
import type { DmmfField, DmmfModel } from './dmmf.js';

type KeyRelation = Extract<RelationText, { side: 'key' }>;

/** The relations of a model that the client has. */
export function relationsOf(source: Source, model: DmmfModel): RelationText[] {
  const relations: RelationText[] = [];
  for (const field of model.fields) {
    if (field.kind !== 'object' || field.relationName === undefined || field.relationName === null)
      continue;
    const other = otherSide(source, model, field);
    if (isKeySide(field)) relations.push(keySide(source, model, field, other));
    else if (other !== undefined && isKeySide(other)) relations.push(inverseSide(field, other));
    else if (other !== undefined) relations.push(joinSide(model, field, other));
  }
  return relations;
}

function isKeySide(field: DmmfField): boolean {
  return (field.relationFromFields?.length ?? 0) > 0;
}

function otherSide(source: Source, model: DmmfModel, field: DmmfField): DmmfField | undefined {
  const target = source.datamodel.models.find(({ name }) => name === field.type);
  return target?.fields.find(
    (candidate) =>
      candidate.relationName === field.relationName &&
      candidate.type === model.name &&
      (target.name !== model.name || candidate.name !== field.name),
  );
}

function keySide(
  source: Source,
  model: DmmfModel,
  field: DmmfField,
  other: DmmfField | undefined,
): KeyRelation {
  const optional = !field.isRequired;
  const byDefault = [model.name, field.type].sort(byCodeUnit).join('To');
  return {
    side: 'key',
    name: field.name,
    relationName: field.relationName === byDefault ? '' : String(field.relationName),
    target: field.type,
    inverse: other?.name ?? '',
    nullable: optional,
    fields: field.relationFromFields ?? [],
    references: field.relationToFields ?? [],
    onDelete: onDeleteOf(field.relationOnDelete, optional, source.provider),
    onUpdate: onUpdateOf((field as { relationOnUpdate?: string }).relationOnUpdate),
  };
}

function inverseSide(field: DmmfField, other: DmmfField): RelationText {
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
function joinSide(model: DmmfModel, field: DmmfField, other: DmmfField): RelationText {
  const self = model.name === field.type;
  const first = self
    ? byCodeUnit(field.name, other.name) < 0
    : byCodeUnit(model.name, field.type) < 0;
  return {
    side: 'join',
    name: field.name,
    target: field.type,
    inverse: other.name,
    table: `_${String(field.relationName)}`,
    own: first ? 'A' : 'B',
  };
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Foreign keys that the client cannot see: of `@@ignore`d models, and of fields with `@ignore`. */
export function hiddenRelations(source: Source, model: TextModel | undefined): KeyRelation[] {
  if (model === undefined) return [];
  const relations: KeyRelation[] = [];
  for (const field of model.fields) {
    if (!model.ignored && !field.ignored) continue;
    const args = relationArguments(field.attributes);
    if (args === null || !source.text.models.has(field.type)) continue;
    relations.push({
      side: 'key',
      name: field.name,
      relationName: '',
      target: field.type,
      inverse: '',
      nullable: field.optional,
      fields: args.fields,
      references: args.references,
      onDelete: onDeleteOf(args.onDelete, field.optional, source.provider),
      onUpdate: onUpdateOf(args.onUpdate),
    });
  }
  return relations;
}
