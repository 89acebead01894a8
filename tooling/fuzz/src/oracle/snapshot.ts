import type { Row } from '../schema/client.ts';
import { modelOf, type ModelInfo, type RelationInfo, type SchemaInfo } from '../schema/metadata.ts';
import { plainText } from './canonical.ts';

/** Identifiers of linked rows, of the side whose relation was read and of the other. */
export type Link = readonly [own: string, other: string];

/** Everything that the models in focus held at one moment, as rows of the client. */
export class Snapshot {
  readonly #schema: SchemaInfo;
  readonly #rows: ReadonlyMap<string, readonly Row[]>;
  /** By `Model.relation` of the side that was read. */
  readonly #links: ReadonlyMap<string, readonly Link[]>;

  constructor(
    schema: SchemaInfo,
    rows: ReadonlyMap<string, readonly Row[]>,
    links: ReadonlyMap<string, readonly Link[]>,
  ) {
    this.#schema = schema;
    this.#rows = rows;
    this.#links = links;
  }

  rows(model: string): readonly Row[] {
    return this.#rows.get(model) ?? [];
  }

  /** The rows that a relation leads to from a row, in no particular order. */
  related(relation: RelationInfo, row: Row): readonly Row[] {
    const { side, from, to, target } = relation;
    const rows = this.rows(target);
    if (side === 'join') return this.#joined(relation, row, rows);
    const [near, far] = side === 'key' ? [from, to] : [to, from];
    if (near.some((name) => row[name] === null)) return [];
    return rows.filter((other) =>
      near.every((name, index) => same(row[name], other[far[index] ?? ''])),
    );
  }

  #joined(relation: RelationInfo, row: Row, rows: readonly Row[]): readonly Row[] {
    const model = modelOf(this.#schema, relation.model);
    const target = modelOf(this.#schema, relation.target);
    const own = keyText(model, row);
    const forward = this.#links.get(`${relation.model}.${relation.name}`);
    const backward = this.#links.get(`${relation.target}.${relation.inverse}`) ?? [];
    const keys = new Set(
      forward === undefined
        ? backward.filter(([, other]) => other === own).map(([key]) => key)
        : forward.filter(([key]) => key === own).map(([, other]) => other),
    );
    return rows.filter((other) => keys.has(keyText(target, other)));
  }
}

export function keyText(model: ModelInfo, row: Row): string {
  return plainText(model.identifier.fields.map((name) => row[name]));
}

export function same(a: unknown, b: unknown): boolean {
  return plainText(a) === plainText(b);
}

/** Whether a filter by a value that a row has finds the rows that JavaScript finds. */
export function isComparable(model: ModelInfo, name: string): boolean {
  const field = model.fields.find((candidate) => candidate.name === name);
  return field !== undefined && !field.list && !['Json', 'Float', 'Decimal'].includes(field.kind);
}

export function matches(row: Row, values: Row): boolean {
  return Object.entries(values).every(([name, value]) => same(row[name], value));
}
