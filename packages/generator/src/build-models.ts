import type { ModelText, Provider, ScalarField, ScalarType, UniqueKey } from '@boost/core';
import { buildHiddenModel, hiddenFields } from './build-hidden.js';
import { hiddenJoins, hiddenRelations, relationsOf } from './build-relations.js';
import type { DatamodelText } from './datamodel-text.js';
import type { Datamodel, DmmfField, DmmfModel } from './dmmf.js';
import { isScalarType } from './scalar-type.js';
/** Algorithms of indexes that are there for equalities. Gin, Gist and the like are for search. */
const EQUALITY_INDEXES: readonly string[] = ['BTree', 'Hash'];

export interface Source {
  readonly datamodel: Datamodel;
  readonly text: DatamodelText;
  readonly provider: Provider;
}

/** Every model of the schema, in its order, then the join tables of implicit many-to-many relations, then what is hidden. */
export function buildModels(source: Source): Map<string, ModelText> {
  const models = new Map<string, ModelText>();
  for (const model of source.datamodel.models) models.set(model.name, buildModel(source, model));
  for (const [name, join] of joinTables(models)) models.set(name, join);
  for (const model of source.text.models.values()) {
    if (model.ignored) models.set(model.name, buildHiddenModel(source, model));
  }
  return models;
}

function buildModel(source: Source, model: DmmfModel): ModelText {
  const text = source.text.models.get(model.name);
  const fields = model.fields.filter(isScalar).map(scalarOf);
  const uniques = uniquesOf(model);
  const identifier = identifierOf(model, uniques);
  const relations = [
    ...relationsOf(source, model),
    ...hiddenRelations(source, text),
    ...hiddenJoins(source, text),
  ];
  const visible = new Set(fields.map(({ name }) => name));
  const single = new Set([
    ...uniques
      .filter((unique) => unique.fields.length === 1)
      .map((unique) => String(unique.fields[0])),
    ...relations.flatMap((relation) =>
      relation.side === 'key' && relation.fields.length === 1 ? relation.fields : [],
    ),
  ]);
  return {
    kind: source.text.views.has(model.name) ? 'view' : 'model',
    ...(model.dbName === null ? {} : { dbName: model.dbName }),
    ...(schemaOf(model) === undefined ? {} : { dbSchema: schemaOf(model) as string }),
    fields: [...fields, ...hiddenFields(source, text)],
    ...(identifier === undefined ? {} : { identifier }),
    uniques,
    relations,
    track: leadingIndexFields(source.datamodel, model)
      .filter((name) => visible.has(name) && !single.has(name))
      .map((name) => [name]),
    untrack: [],
  };
}

function schemaOf(model: DmmfModel): string | undefined {
  return (model as { schema?: string | null }).schema ?? undefined;
}

/** A composite type of MongoDB is a value like any other: one field, no relation. */
function isScalar(field: DmmfField): boolean {
  return field.kind === 'scalar' || field.kind === 'enum' || isComposite(field);
}

function isComposite(field: DmmfField): boolean {
  return field.kind === 'object' && !field.relationName;
}

function typeOf(field: DmmfField): ScalarType {
  if (field.kind === 'enum') return 'Enum';
  if (isComposite(field)) return 'Json';
  return isScalarType(field.type) ? field.type : 'Unsupported';
}

function scalarOf(field: DmmfField): ScalarField {
  const type = typeOf(field);
  return {
    kind: 'scalar',
    name: field.name,
    dbName: field.dbName ?? field.name,
    type,
    ...(type === 'Enum' ? { enumName: field.type } : {}),
    list: field.isList,
    nullable: !field.isRequired,
    updatedAt: field.isUpdatedAt ?? false,
    default: defaultOf(field),
    ...nativeTypeOf(field),
    selectable: true,
  };
}

function nativeTypeOf(field: DmmfField): { nativeType?: string } {
  const native = (field as { nativeType?: readonly [string, readonly string[]] | null }).nativeType;
  if (native === undefined || native === null) return {};
  const [name, args] = native;
  return { nativeType: args.length === 0 ? name : `${name}(${args.join()})` };
}

function defaultOf(field: DmmfField): ScalarField['default'] {
  const { default: value, hasDefaultValue } = field;
  if (!hasDefaultValue || value === undefined) return { kind: 'none' };
  const isFunction =
    typeof value === 'object' && value !== null && !Array.isArray(value) && 'name' in value;
  return isFunction ? { kind: 'generated' } : { kind: 'static', value };
}

function uniquesOf(model: DmmfModel): UniqueKey[] {
  const keys: UniqueKey[] = [];
  const add = (fields: readonly string[], name: string | null | undefined): void => {
    // In `where`, only a compound key goes by a name of its own.
    const key = { name: (fields.length > 1 ? name : undefined) ?? fields.join('_'), fields };
    if (!keys.some((known) => known.name === key.name)) keys.push(key);
  };
  for (const field of model.fields) if (field.isId) add([field.name], undefined);
  if (model.primaryKey !== null) add(model.primaryKey.fields, model.primaryKey.name);
  for (const field of model.fields) if (field.isUnique) add([field.name], undefined);
  for (const { name, fields } of model.uniqueIndexes) add(fields, name);
  return keys;
}

/** The primary key, else the first unique key that every row has. */
function identifierOf(model: DmmfModel, uniques: readonly UniqueKey[]): UniqueKey | undefined {
  const required = new Set(
    model.fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  );
  return uniques.find(({ fields }) => fields.every((field) => required.has(field)));
}

function leadingIndexFields(datamodel: Datamodel, model: DmmfModel): string[] {
  const indexes = (
    datamodel as {
      indexes?: readonly {
        model: string;
        type: string;
        algorithm?: string;
        fields: readonly { name: string }[];
      }[];
    }
  ).indexes;
  const leading = (indexes ?? [])
    .filter(({ model: name, type }) => name === model.name && type === 'normal')
    .filter(({ algorithm = 'BTree' }) => EQUALITY_INDEXES.includes(algorithm))
    .map(({ fields }) => fields[0]?.name)
    .filter((name) => name !== undefined);
  return [...new Set(leading)];
}

function joinTables(models: ReadonlyMap<string, ModelText>): Map<string, ModelText> {
  const joins = new Map<string, ModelText>();
  for (const [name, model] of models) {
    for (const relation of model.relations) {
      if (relation.side !== 'join') continue;
      const [own, other] = [
        columnOf(models, name, relation.own),
        columnOf(models, relation.target, relation.own === 'A' ? 'B' : 'A'),
      ];
      const fields = relation.own === 'A' ? [own, other] : [other, own];
      const identifier = { name: 'A_B', fields: ['A', 'B'] };
      // The table lies where the model of column A does.
      const dbSchema = (relation.own === 'A' ? model : models.get(relation.target))?.dbSchema;
      joins.set(relation.table, {
        kind: 'join',
        ...(dbSchema === undefined ? {} : { dbSchema }),
        fields,
        identifier,
        uniques: [identifier],
        relations: [],
        track: [['A'], ['B']],
        untrack: [],
      });
    }
  }
  return joins;
}

function columnOf(
  models: ReadonlyMap<string, ModelText>,
  model: string,
  column: 'A' | 'B',
): ScalarField {
  const target = models.get(model);
  const id = target?.fields.find(({ name }) => name === target.identifier?.fields[0]);
  return {
    kind: 'scalar',
    name: column,
    dbName: column,
    type: id?.type ?? 'Unsupported',
    ...(id?.enumName === undefined ? {} : { enumName: id.enumName }),
    list: false,
    nullable: false,
    updatedAt: false,
    default: { kind: 'none' },
    ...(id?.nativeType === undefined ? {} : { nativeType: id.nativeType }),
    selectable: true,
  };
}
