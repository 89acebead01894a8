/** Scalar types of a Prisma schema. */
export type ScalarKind =
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'BigInt'
  | 'Float'
  | 'Decimal'
  | 'DateTime'
  | 'Json'
  | 'Bytes'
  | 'Enum';

export interface FieldInfo {
  readonly model: string;
  readonly name: string;
  readonly column: string;
  readonly kind: ScalarKind;
  /** Values of an enum, as the client names them. */
  readonly values: readonly string[];
  readonly list: boolean;
  readonly required: boolean;
  /** A create can leave it out: nullable, with a default, a list, or set by Prisma. */
  readonly optional: boolean;
  readonly updatedAt: boolean;
  /** Has values that no two runs share (`uuid()`, `now()`, `@updatedAt`), by itself or because it refers to such a field. */
  readonly randomised: boolean;
  readonly autoincrement: boolean;
  /** Holds a relation's key. */
  readonly foreign: boolean;
  /** Part of a key or unique. */
  readonly unique: boolean;
  /** `@db.VarChar(20)` as name and arguments. */
  readonly native?: { readonly name: string; readonly args: readonly string[] };
  /** Fields with the same domain share their values: a key and what refers to it. */
  readonly domain: string;
}

export interface RelationInfo {
  readonly model: string;
  readonly name: string;
  readonly target: string;
  readonly list: boolean;
  /** Nullable on this side. */
  readonly required: boolean;
  /** `key`: this model holds the foreign key; `join`: implicit many-to-many. */
  readonly side: 'key' | 'inverse' | 'join';
  /** The key's fields on the side that holds it, whichever that is; empty for `join`. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Name of the relation field on the other side. */
  readonly inverse: string;
  /** Table of an implicit many-to-many relation. */
  readonly joinTable?: string;
}

export interface UniqueInfo {
  /** What `where` calls it: the field, `a_b`, or the name in the schema. */
  readonly name: string;
  readonly fields: readonly string[];
}

export interface ModelInfo {
  readonly name: string;
  readonly table: string;
  /** Property of the client: `user` for `User`. */
  readonly delegate: string;
  readonly fields: readonly FieldInfo[];
  readonly relations: readonly RelationInfo[];
  /** Every key that `findUnique` takes, the identifier first. */
  readonly uniques: readonly UniqueInfo[];
  /** A key without nulls: what makes an order total. */
  readonly identifier: UniqueInfo;
}

export interface SchemaInfo {
  readonly provider: 'sqlite' | 'postgresql';
  readonly models: ReadonlyMap<string, ModelInfo>;
}

export function modelOf(schema: SchemaInfo, name: string): ModelInfo {
  const model = schema.models.get(name);
  if (model === undefined) throw new Error(`No model ${name}.`);
  return model;
}

export function fieldOf(model: ModelInfo, name: string): FieldInfo {
  const field = model.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`No field ${model.name}.${name}.`);
  return field;
}

export function relationOf(model: ModelInfo, name: string): RelationInfo | undefined {
  return model.relations.find((candidate) => candidate.name === name);
}

/** The relation field on the other side. */
export function inverseOf(schema: SchemaInfo, relation: RelationInfo): RelationInfo {
  const inverse = relationOf(modelOf(schema, relation.target), relation.inverse);
  if (inverse === undefined) throw new Error(`${relation.model}.${relation.name} has no inverse.`);
  return inverse;
}
