import type { ModelText, ScalarField, ScalarType } from '@boost/core';
import type { Source } from './build-models.js';
import { hiddenRelations } from './build-relations.js';
import { hasAttribute, mapped, type TextField, type TextModel } from './datamodel-text.js';
import { isScalarType } from './scalar-type.js';

/**
 * A model that the client does not have (`@@ignore`), as far as referential actions run through it: its foreign keys. Nothing of
 * it can be read or written through Prisma, but deleting a row it refers to can reach models that can.
 */
export function buildHiddenModel(source: Source, model: TextModel): ModelText {
  const relations = hiddenRelations(source, model);
  const dbName = mapped(model.attributes, '@@map');
  const dbSchema = mapped(model.attributes, '@@schema');
  const keys = new Set(relations.flatMap(({ fields }) => fields));
  return {
    kind: source.text.views.has(model.name) ? 'view' : 'model',
    ...(dbName === undefined ? {} : { dbName }),
    ...(dbSchema === undefined ? {} : { dbSchema }),
    fields: scalars(source, model)
      .filter(({ name }) => keys.has(name))
      .map((field) => hiddenField(source, field)),
    uniques: [],
    relations,
    track: [],
    untrack: [],
  };
}

/** Fields that can be neither selected nor filtered: `@ignore` and `Unsupported`. */
export function hiddenFields(source: Source, model: TextModel | undefined): ScalarField[] {
  return scalars(source, model)
    .filter(({ ignored, type }) => ignored || type.startsWith('Unsupported('))
    .map((field) => hiddenField(source, field));
}

function scalars({ text }: Source, model: TextModel | undefined): TextField[] {
  return (model?.fields ?? []).filter(({ type }) => !text.models.has(type));
}

function hiddenField(source: Source, field: TextField): ScalarField {
  const type = typeOf(source, field.type);
  const native = /@\w+\.(\w+(?:\([^)]*\))?)/.exec(field.attributes)?.[1];
  return {
    kind: 'scalar',
    name: field.name,
    dbName: field.column ?? field.name,
    type,
    ...(type === 'Enum' ? { enumName: field.type } : {}),
    list: field.list,
    nullable: field.optional,
    updatedAt: hasAttribute(field.attributes, '@updatedAt'),
    // Nobody can write it: what the database puts there is not known, static or not.
    default: hasAttribute(field.attributes, '@default') ? { kind: 'generated' } : { kind: 'none' },
    ...(native === undefined ? {} : { nativeType: native.replace(/\s/g, '') }),
    selectable: false,
  };
}

function typeOf({ datamodel }: Source, type: string): ScalarType {
  if (isScalarType(type)) return type;
  return datamodel.enums.some(({ name }) => name === type) ? 'Enum' : 'Unsupported';
}
