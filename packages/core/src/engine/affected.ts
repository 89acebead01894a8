import { isPartitionable } from '../schema/partitionable.js';
import type { Model, Schema } from '../schema/schema.js';
import { EVERYTHING, type Scope } from '../scope/scope.js';

/** A row that a write changed, or that shows the change through one of its relations. */
export interface AffectedRow {
  /** `Comment:99`; the model alone (`Comment`) where the writer does not know which of its rows; `*` for everything. */
  readonly name: string;
  readonly model: string;
  /** The values that name the row: `{ id: 99 }`, `{ orderId: 1, sku: 'a' }`. Absent where the writer does not know them. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** The relation by which the row shows what changed; absent where the row itself changed. */
  readonly through?: string;
}

const ROW = /^(\w+):(.+)#~?\w+$/;
const PARTITION = /^(\w+)\{([\w,]+)=(.*)\}(#~?\w+|!)?$/;
const IMPRECISE = /^(\w+)!$/;
const UNKNOWN = '?';

/**
 * The rows that a bump set is about. The partition of a foreign key stands for the row that the key refers to: what changed is
 * among the rows that it shows through the relation's other side.
 */
export function affectedRows(schema: Schema, scopes: readonly Scope[]): readonly AffectedRow[] {
  const rows = new Map<string, AffectedRow>();
  const related = new Map<string, AffectedRow>();
  const add = (
    model: Model,
    fields: readonly string[],
    text: string | undefined,
    through?: string,
  ): void => {
    const where = text === undefined ? undefined : valuesOf(schema, model, fields, text);
    const name = where === undefined ? model.name : `${model.name}:${text as string}`;
    const row: AffectedRow = {
      name,
      model: model.name,
      ...(where === undefined ? {} : { where }),
      ...(through === undefined ? {} : { through }),
    };
    if (through === undefined) rows.set(name, row);
    else related.set(`${name} ${through}`, row);
  };
  for (const scope of scopes) {
    if (scope === EVERYTHING) rows.set(scope, { name: scope, model: scope });
    const [, name = '', first, second] =
      ROW.exec(scope) ?? PARTITION.exec(scope) ?? IMPRECISE.exec(scope) ?? [];
    if (!schema.has(name)) continue;
    const model = schema.model(name);
    if (second === undefined) {
      if (model.kind !== 'join') add(model, model.identifier?.fields ?? [], first);
      continue;
    }
    const key = first as string;
    const isRow = key === model.identifier?.fields.join() && model.kind !== 'join';
    if (isRow && second === UNKNOWN) add(model, [], undefined);
    for (const end of endsOf(schema, model, key)) {
      if (second === 'null') continue;
      add(end.model, end.fields, second === UNKNOWN ? undefined : second, end.through);
    }
  }
  return [...rows.values(), ...related.values()];
}

interface RelationEnd {
  readonly model: Model;
  readonly fields: readonly string[];
  /** The relation's field on that model. */
  readonly through: string;
}

/** The models that a tracked key of a model refers to. */
function endsOf(schema: Schema, { name, kind, relations }: Model, key: string): RelationEnd[] {
  if (kind !== 'join') {
    return relations
      .filter(
        ({ side, fields, inverse }) => side === 'key' && fields.join() === key && inverse !== '',
      )
      .map(({ target, references, inverse }) => ({
        model: schema.model(target),
        fields: references,
        through: inverse,
      }));
  }
  return schema.modelNames.flatMap((other) => {
    const model = schema.model(other);
    return model.relations
      .filter(({ join }) => join?.model === name && join.own === key)
      .map(({ name: through, fields }) => ({ model, fields, through }));
  });
}

const PARTS = /"(?:[^"\\]|\\.)*"|[^",]+/g;

/** The values that a scope's text stands for; undefined where it cannot be told apart into those of the fields. */
function valuesOf(
  schema: Schema,
  model: Model,
  fields: readonly string[],
  text: string,
): Readonly<Record<string, unknown>> | undefined {
  const parts = fields.length === 1 ? [text] : (text.slice(1, -1).match(PARTS) ?? []);
  if (parts.length !== fields.length) return undefined;
  return Object.fromEntries(
    fields.map((name, index) => {
      const field = model.fields.get(name);
      const part = parts[index] as string;
      const plain = field?.kind === 'scalar' && isPartitionable(schema, field);
      return [name, plain ? valueOf(part) : part.replace(/^"\d+:/, '')];
    }),
  );
}

/** The inverse of `partitionValue`. */
function valueOf(text: string): unknown {
  if (text.startsWith('@')) return new Date(Number(text.slice(1)));
  if (!/^-?\d+$/.test(text)) return JSON.parse(text) as unknown;
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}
