import { BoostError } from '../error.js';
import { CONFIG_FORMAT, type CacheConfig } from './config.js';
import { parseModelText, type ModelText, type RelationText } from './model-text.js';
import { isPartitionable } from './partitionable.js';
import type { Model, Provider, RelationField, Schema, TrackedKey } from './schema.js';

const PROVIDERS: readonly string[] = [
  'sqlite',
  'postgresql',
  'cockroachdb',
  'mysql',
  'sqlserver',
  'mongodb',
];

const RELATION_MODES: readonly string[] = ['foreignKeys', 'prisma'];

/**
 * Compiles a generated `cacheConfig`. Models are compiled when they are first asked for.
 *
 * @throws BoostError `BOOST_CONFIG_INVALID`, also from `model()` where the text of a model cannot be read
 */
export function parseConfig(config: CacheConfig): Schema {
  // JavaScript callers can pass anything: a default import of the module is undefined.
  const given = (config as CacheConfig | null | undefined) ?? ({} as Partial<CacheConfig>);
  const { format, provider, relationMode, models, schemaHash } = given;
  if (typeof format === 'number' && format !== CONFIG_FORMAT) {
    throw invalid(
      format > CONFIG_FORMAT
        ? `cacheConfig has format ${String(format)}, this version reads ${String(CONFIG_FORMAT)}: update the packages that read it to the release of the generator.`
        : `cacheConfig has format ${String(format)}, this version reads ${String(CONFIG_FORMAT)}: run "prisma generate" with the generator of the same release.`,
    );
  }
  if (
    format === undefined ||
    provider === undefined ||
    relationMode === undefined ||
    !PROVIDERS.includes(provider) ||
    !RELATION_MODES.includes(relationMode) ||
    typeof schemaHash !== 'string' ||
    schemaHash === '' ||
    typeof models !== 'object' ||
    (models as object | null) === null ||
    Object.values(models).some((text) => typeof text !== 'string')
  ) {
    throw invalid(
      'cacheConfig is not the module that "prisma generate" writes: pass `import * as cacheConfig` of it.',
    );
  }
  checkLearned(given);
  return new ParsedSchema(schemaHash, provider as Provider, relationMode, models);
}

/** Caps and budget are numbers that limit; what is none would limit nothing. */
function checkLearned({ caps, budget }: Partial<CacheConfig>): void {
  const numbers = Object.values(caps ?? {}).flatMap(({ maxRows, maxLists, maxDeletes }) => [
    maxRows,
    maxLists,
    maxDeletes,
  ]);
  const isLimit = (value: unknown): boolean => typeof value === 'number' && value >= 0;
  if (budget !== undefined) numbers.push(budget.maxMonthlyUsd);
  if (numbers.every((value) => value === undefined || isLimit(value))) return;
  throw invalid(
    'cacheConfig has caps or a budget that are no numbers: run "prisma generate" again.',
  );
}

function invalid(message: string, cause?: unknown): BoostError {
  return new BoostError('BOOST_CONFIG_INVALID', message, { cause });
}

class ParsedSchema implements Schema {
  readonly formatVersion = CONFIG_FORMAT;
  readonly relationMode: 'foreignKeys' | 'prisma';
  readonly modelNames: readonly string[];
  readonly viewNames: readonly string[];
  readonly #texts = new Map<string, ModelText>();
  readonly #models = new Map<string, Model>();
  readonly #raw: ReadonlyMap<string, string>;

  readonly hash: string;
  readonly provider: Provider;

  constructor(
    hash: string,
    provider: Provider,
    relationMode: string,
    models: Readonly<Record<string, string>>,
  ) {
    this.hash = hash;
    this.provider = provider;
    this.relationMode = relationMode === 'prisma' ? 'prisma' : 'foreignKeys';
    this.#raw = new Map(Object.entries(models));
    this.modelNames = [...this.#raw.keys()];
    this.viewNames = this.modelNames.filter((name) => this.#raw.get(name)?.startsWith('v'));
  }

  has(name: string): boolean {
    return this.#raw.has(name);
  }

  model(name: string): Model {
    let model = this.#models.get(name);
    if (model === undefined) {
      model = this.#compile(name);
      this.#models.set(name, model);
    }
    return model;
  }

  #text(name: string): ModelText {
    let text = this.#texts.get(name);
    if (text === undefined) {
      const raw = this.#raw.get(name);
      if (raw === undefined) {
        throw new BoostError(
          'BOOST_MODEL_UNKNOWN',
          `The generated cacheConfig has no model "${name}": run "prisma generate" again.`,
          { details: { model: name } },
        );
      }
      try {
        text = parseModelText(raw);
      } catch (cause) {
        throw invalid(
          `cacheConfig's model "${name}" cannot be read: run "prisma generate" again.`,
          cause,
        );
      }
      this.#texts.set(name, text);
    }
    return text;
  }

  #compile(name: string): Model {
    const text = this.#text(name);
    const relations = text.relations.map((relation) => this.#relation(name, relation));
    const fields = new Map([...text.fields, ...relations].map((field) => [field.name, field]));
    return {
      name,
      dbName: text.dbName ?? name,
      ...(text.dbSchema === undefined ? {} : { dbSchema: text.dbSchema }),
      kind: text.kind,
      fields,
      scalars: text.fields,
      relations,
      identifier: text.identifier ?? null,
      uniques: text.uniques,
      tracked: this.#tracked(text),
      updatedAt: text.fields.filter(({ updatedAt }) => updatedAt).map(({ name: field }) => field),
    };
  }

  #tracked(text: ModelText): readonly TrackedKey[] {
    const foreign = text.relations.flatMap((relation) =>
      relation.side === 'key' ? [relation.fields] : [],
    );
    const byText = new Map<string, TrackedKey>();
    for (const key of [...foreign, ...text.uniques.map(({ fields }) => fields), ...text.track]) {
      byText.set(key.join(), key);
    }
    for (const key of text.untrack) byText.delete(key.join());
    const scalars = new Map(text.fields.map((field) => [field.name, field]));
    return [...byText.values()].filter((key) =>
      key.every((field) => {
        const scalar = scalars.get(field);
        return scalar !== undefined && isPartitionable(this, scalar);
      }),
    );
  }

  #relation(model: string, relation: RelationText): RelationField {
    const { name, target, inverse } = relation;
    const common = { kind: 'relation', name, target, inverse } as const;
    if (relation.side === 'key') {
      const { fields, references, onDelete, onUpdate, nullable } = relation;
      const relationName = relation.relationName || defaultRelationName(model, target);
      return {
        ...common,
        side: 'key',
        relationName,
        list: false,
        nullable,
        fields,
        references,
        onDelete,
        onUpdate,
      };
    }
    if (relation.side === 'join') {
      const { own, table } = relation;
      return {
        ...common,
        side: 'join',
        relationName: table.replace(/^_/, ''),
        list: true,
        nullable: false,
        fields: this.#text(model).identifier?.fields ?? [],
        references: this.#text(target).identifier?.fields ?? [],
        onDelete: 'Cascade',
        onUpdate: 'Cascade',
        join: { model: table, own, other: own === 'A' ? 'B' : 'A' },
      };
    }
    const key = this.#text(target).relations.find((other) => other.name === inverse);
    if (key?.side !== 'key') {
      throw invalid(
        `cacheConfig's relation ${model}.${name} has no other side: run "prisma generate" again.`,
      );
    }
    return {
      ...common,
      side: 'inverse',
      relationName: key.relationName || defaultRelationName(model, target),
      list: relation.list,
      nullable: !relation.list,
      fields: key.references,
      references: key.fields,
      onDelete: key.onDelete,
      onUpdate: key.onUpdate,
    };
  }
}

/** What Prisma calls a relation without a name of its own. */
function defaultRelationName(a: string, b: string): string {
  return a < b ? `${a}To${b}` : `${b}To${a}`;
}
