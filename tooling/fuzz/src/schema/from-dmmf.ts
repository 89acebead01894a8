import type { DatamodelEnum, Field, Model } from '@prisma/dmmf';
import type {
  FieldInfo,
  ModelInfo,
  RelationInfo,
  ScalarKind,
  SchemaInfo,
  UniqueInfo,
} from './metadata.ts';

/** What this package reads of Prisma's DMMF. */
export interface Datamodel {
  readonly models: readonly Model[];
  readonly enums: readonly DatamodelEnum[];
}

/** Prisma's own description of a schema in the words of the generators. Views and models without a usable key are left out. */
export function schemaInfo(datamodel: Datamodel, provider: SchemaInfo['provider']): SchemaInfo {
  const domains = new Domains();
  for (const model of datamodel.models) {
    for (const { type, relationFromFields, relationToFields } of model.fields) {
      (relationFromFields ?? []).forEach((from, index) => {
        domains.join(`${model.name}.${from}`, `${type}.${relationToFields?.[index] ?? ''}`);
      });
    }
  }
  const randomised = new Set(
    datamodel.models.flatMap((model) =>
      model.fields
        .filter(
          (field) =>
            field.isUpdatedAt === true ||
            !['autoincrement', undefined].includes(functionName(field.default)),
        )
        .map(({ name }) => domains.of(`${model.name}.${name}`)),
    ),
  );
  const enums = new Map(
    datamodel.enums.map(({ name, values }) => [name, values.map((value) => value.name)]),
  );
  const models = datamodel.models.map((model) =>
    modelInfo(datamodel, model, enums, domains, randomised),
  );
  return {
    provider,
    models: new Map(
      models.flatMap((model) => (model === undefined ? [] : [[model.name, model] as const])),
    ),
  };
}

function modelInfo(
  datamodel: Datamodel,
  model: Model,
  enums: ReadonlyMap<string, readonly string[]>,
  domains: Domains,
  randomised: ReadonlySet<string>,
): ModelInfo | undefined {
  const uniques = uniquesOf(model);
  const keys = new Set(uniques.flatMap(({ fields }) => fields));
  const foreign = new Set(
    model.fields.flatMap(({ relationFromFields = [] }) => relationFromFields),
  );
  const fields = model.fields.flatMap((field): FieldInfo[] => {
    if (field.kind !== 'scalar' && field.kind !== 'enum') return [];
    const kind = field.kind === 'enum' ? 'Enum' : (field.type as ScalarKind);
    const [native] = [field.nativeType ?? undefined];
    const byFunction = functionName(field.default);
    const domain = domains.of(`${model.name}.${field.name}`);
    return [
      {
        model: model.name,
        name: field.name,
        column: field.dbName ?? field.name,
        kind,
        values: enums.get(field.type) ?? [],
        list: field.isList,
        required: field.isRequired,
        optional:
          !field.isRequired || field.hasDefaultValue || field.isList || field.isUpdatedAt === true,
        updatedAt: field.isUpdatedAt === true,
        randomised: randomised.has(domain),
        autoincrement: byFunction === 'autoincrement',
        foreign: foreign.has(field.name),
        unique: keys.has(field.name),
        ...(native === undefined ? {} : { native: { name: native[0], args: [...native[1]] } }),
        domain,
      },
    ];
  });
  const identifier = uniques.find((unique) =>
    unique.fields.every((name) => fields.find((field) => field.name === name)?.required),
  );
  if (identifier === undefined) return undefined;
  return {
    name: model.name,
    table: model.dbName ?? model.name,
    delegate: model.name.charAt(0).toLowerCase() + model.name.slice(1),
    fields,
    relations: model.fields.flatMap((field) => relationInfo(datamodel, model, field)),
    uniques,
    identifier,
  };
}

function functionName(value: Field['default']): string | undefined {
  return typeof value === 'object' && 'name' in value ? value.name : undefined;
}

function uniquesOf(model: Model): UniqueInfo[] {
  const compound = ({
    name,
    fields,
  }: {
    name: string | null;
    fields: readonly string[];
  }): UniqueInfo => ({
    name: name ?? fields.join('_'),
    fields,
  });
  return [
    ...(model.primaryKey === null ? [] : [compound(model.primaryKey)]),
    ...model.fields
      .filter((field) => field.isId || field.isUnique)
      .sort((a, b) => Number(b.isId) - Number(a.isId))
      .map(({ name }) => ({ name, fields: [name] })),
    ...model.uniqueIndexes.map(compound),
  ];
}

function relationInfo(datamodel: Datamodel, model: Model, field: Field): RelationInfo[] {
  if (field.kind !== 'object') return [];
  const target = datamodel.models.find(({ name }) => name === field.type);
  const inverse = target?.fields.find(
    (other) =>
      other.relationName === field.relationName &&
      (target.name !== model.name || other.name !== field.name),
  );
  if (target === undefined || inverse === undefined) return [];
  const own = field.relationFromFields ?? [];
  const other = inverse.relationFromFields ?? [];
  const side = own.length > 0 ? 'key' : other.length > 0 ? 'inverse' : 'join';
  const holder = side === 'key' ? field : inverse;
  return [
    {
      model: model.name,
      name: field.name,
      target: target.name,
      list: field.isList,
      required: field.isRequired,
      side,
      from: holder.relationFromFields ?? [],
      to: holder.relationToFields ?? [],
      inverse: inverse.name,
      ...(side === 'join' ? { joinTable: `_${String(field.relationName)}` } : {}),
    },
  ];
}

/** Which fields share their values: union-find over foreign keys and what they refer to. */
class Domains {
  readonly #parents = new Map<string, string>();

  of(field: string): string {
    const parent = this.#parents.get(field);
    return parent === undefined ? field : this.of(parent);
  }

  join(from: string, to: string): void {
    const [a, b] = [this.of(from), this.of(to)];
    if (a !== b) this.#parents.set(a, b);
  }
}
