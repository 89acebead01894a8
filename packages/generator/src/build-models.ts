import type { ModelText, Provider, ScalarField, ScalarType, UniqueKey } from '@boost/core';
import type { DatamodelText, TextModel } from './datamodel-text.js';
import type { Datamodel, DmmfField, DmmfModel } from './dmmf.js';
import { hiddenRelations, relationsOf } from './build-relations.js';

const SCALARS: readonly string[] = [
  'String',
  'Boolean',
  'Int',
  'BigInt',
  'Float',
  'Decimal',
  'DateTime',
  'Json',
  'Bytes',
];

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
    if (model.ignored) models.set(model.name, buildHidden(source, model));
  }
  return models;
}

function buildModel(source: Source, model: DmmfModel): ModelText {
  const written = source.text.models.get(model.name);
  const fields = model.fields
    .filter(({ kind }) => kind === 'scalar' || kind === 'enum')
    .map(scalarOf);
  const hidden = hiddenRelations(source, written);
  const uniques = uniquesOf(model);
  const identifier = identifierOf(model, uniques);
  const relations = [...relationsOf(source, model), ...hidden];
  const visible = new Set(fields.map(({ name }) => name));
  const keys = new Set(
    hidden.flatMap((relation) => relation.fields).filter((name) => !visible.has(name)),
  );
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
    fields: [...fields, ...[...keys].map(hiddenField)],
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

function scalarOf(field: DmmfField): ScalarField {
  const type: ScalarType =
    field.kind === 'enum'
      ? 'Enum'
      : SCALARS.includes(field.type)
        ? (field.type as ScalarType)
        : 'Unsupported';
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
    const key = { name: name ?? fields.join('_'), fields };
    if (!keys.some((known) => known.name === key.name)) keys.push(key);
  };
  for (const field of model.fields) if (field.isId) add([field.name], field.name);
  if (model.primaryKey !== null) add(model.primaryKey.fields, model.primaryKey.name);
  for (const field of model.fields) if (field.isUnique) add([field.name], field.name);
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
      indexes?: readonly { model: string; type: string; fields: readonly { name: string }[] }[];
    }
  ).indexes;
  const leading = (indexes ?? [])
    .filter((index) => index.model === model.name && index.type === 'normal')
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
      joins.set(relation.table, {
        kind: 'join',
        ...(model.dbSchema === undefined ? {} : { dbSchema: model.dbSchema }),
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

/**
 * A model that the client does not have. Nothing of it can be read or written through Prisma, but referential actions run through
 * it to models that can.
 */
function buildHidden(source: Source, model: TextModel): ModelText {
  const relations = hiddenRelations(source, model);
  const fields = [...new Set(relations.flatMap((relation) => relation.fields))].map(hiddenField);
  const table = /@@map\((?:name:\s*)?"([^"]+)"/.exec(model.attributes)?.[1];
  return {
    kind: 'model',
    ...(table === undefined ? {} : { dbName: table }),
    fields,
    uniques: [],
    relations,
    track: [],
    untrack: [],
  };
}

function hiddenField(name: string): ScalarField {
  return {
    kind: 'scalar',
    name,
    dbName: name,
    type: 'Unsupported',
    list: false,
    nullable: true,
    updatedAt: false,
    default: { kind: 'none' },
    selectable: false,
  };
}
