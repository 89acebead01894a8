/** How the database compares strings with `=`, which decides whether a string can name a partition. */
export type StringEquality = 'exact' | 'caseInsensitive';

export type Provider = 'sqlite' | 'postgresql' | 'cockroachdb' | 'mysql' | 'sqlserver' | 'mongodb';

export type ReferentialAction = 'Cascade' | 'Restrict' | 'NoAction' | 'SetNull' | 'SetDefault';

export type ScalarType =
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'BigInt'
  | 'Float'
  | 'Decimal'
  | 'DateTime'
  | 'Json'
  | 'Bytes'
  | 'Enum'
  | 'Unsupported';

/**
 * What a field is when a create does not give it.
 *
 * - `none`: required, or `null` where the field is nullable
 * - `static`: the value written in the schema, in Prisma's JavaScript form
 * - `generated`: made by Prisma or the database (`autoincrement()`, `now()`, `uuid()`, `dbgenerated()`, …): a writer that
 *   does not get the row back does not know it
 */
export type FieldDefault =
  | { readonly kind: 'none' }
  | { readonly kind: 'static'; readonly value: unknown }
  | { readonly kind: 'generated' };

export interface ScalarField {
  readonly kind: 'scalar';
  readonly name: string;
  /** Column name. */
  readonly dbName: string;
  readonly type: ScalarType;
  /** Name of the enum when `type` is `Enum`. */
  readonly enumName?: string;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly updatedAt: boolean;
  readonly default: FieldDefault;
  /** Native type attribute without `@db.`, arguments kept: `Uuid`, `Timestamp(6)`, `Citext`. */
  readonly nativeType?: string;
  /** Visible to the client: false for `@ignore` and `Unsupported` fields, which can be neither selected nor filtered. */
  readonly selectable: boolean;
}

/**
 * One side of a relation.
 *
 * - `key`: this model holds the foreign key (`fields`), which refers to `references` of `target`
 * - `inverse`: `target` holds the key: `fields` are this model's referenced fields, `references` are the key fields on `target`
 * - `join`: implicit many-to-many through a join table with columns `A` and `B`
 */
export interface RelationField {
  readonly kind: 'relation';
  readonly name: string;
  readonly relationName: string;
  readonly target: string;
  /** The field of `target` that is the other side (for a self-relation, the opposite field). */
  readonly inverse: string;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly side: 'key' | 'inverse' | 'join';
  /** Paired by position with `references`; for `join`: this model's and the target's identifier field. */
  readonly fields: readonly string[];
  readonly references: readonly string[];
  /** What happens to the rows that hold the key; Prisma's default filled in. Same on both sides; `Cascade` for `join`. */
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** Only for `join`. `own` is the column that refers to this model. */
  readonly join?: { readonly model: string; readonly own: 'A' | 'B'; readonly other: 'A' | 'B' };
}

export type Field = ScalarField | RelationField;

/** A key or unique constraint. `name` is what `where` calls it: the field, or `a_b` / the `name:` of a compound one. */
export interface UniqueKey {
  readonly name: string;
  readonly fields: readonly string[];
}

/**
 * Fields whose values name a partition: `['authorId']` gives `Post{authorId=7}`, `['a', 'b']` gives `Post{a,b=[1,2]}`.
 * All its fields have database equality that can be told from the value alone (see `partitionable`).
 */
export type TrackedKey = readonly string[];

export interface Model {
  readonly name: string;
  /** Table (or view) name. */
  readonly dbName: string;
  readonly dbSchema?: string;
  /** `join`: the hidden table of an implicit many-to-many relation; its fields are `A` and `B`. */
  readonly kind: 'model' | 'view' | 'join';
  readonly fields: ReadonlyMap<string, Field>;
  readonly scalars: readonly ScalarField[];
  readonly relations: readonly RelationField[];
  /** `@id` / `@@id`, else the first unique whose fields are all required; null where a row cannot be named. */
  readonly identifier: UniqueKey | null;
  /** Every unique key, the identifier included. */
  readonly uniques: readonly UniqueKey[];
  /** Foreign keys, uniques, leading index fields and what the user added, less what the user removed. No duplicates. */
  readonly tracked: readonly TrackedKey[];
  /** `@updatedAt` fields: every update sets them. */
  readonly updatedAt: readonly string[];
}

/**
 * The compiled form of a generated `cacheConfig`: what every planner works from.
 *
 * @see docs/architecture.md
 */
export interface Schema {
  readonly formatVersion: number;
  /** Changes whenever something changes that a cached value or a plan depends on. */
  readonly hash: string;
  readonly provider: Provider;
  readonly relationMode: 'foreignKeys' | 'prisma';
  /** Names of models and join tables in the order of the schema. */
  readonly modelNames: readonly string[];
  readonly viewNames: readonly string[];
  /** @throws BoostError `BOOST_MODEL_UNKNOWN` */
  model(name: string): Model;
  has(name: string): boolean;
}
