import type { Operation } from '../generate/context.ts';
import type { Row } from '../schema/client.ts';
import {
  inverseOf,
  modelOf,
  type ModelInfo,
  type RelationInfo,
  type SchemaInfo,
} from '../schema/metadata.ts';
import type { Probe } from './probes.ts';
import { isComparable, matches, type Snapshot } from './snapshot.ts';

/** A row on the other side of a relation, with what it shows of the row or counts. */
export function* parentProbes(
  far: ModelInfo,
  above: Row,
  near: ModelInfo,
  relation: RelationInfo,
  changed: readonly string[],
  values: (field: string) => readonly unknown[],
): Iterable<Probe> {
  const { name, fields } = far.identifier;
  const key = Object.fromEntries(fields.map((field) => [field, above[field]]));
  const where = fields.length === 1 ? key : { [name]: key };
  const find = (now: Snapshot): Row | undefined =>
    now.rows(far.name).find((row) => matches(row, key));
  const read = (shown: unknown): Operation => ({
    model: far.name,
    action: 'findUnique',
    args: { where, select: { [relation.name]: shown } },
  });
  for (const field of new Set([near.identifier.fields[0] ?? '', ...changed])) {
    yield {
      read: read({ select: { [field]: true } }),
      evaluate: (now) => {
        const row = find(now);
        if (row === undefined) return null;
        const related = now.related(relation, row);
        return { ...row, [relation.name]: relation.list ? related : (related[0] ?? null) };
      },
    };
  }
  if (!relation.list) return;
  for (const field of changed) {
    if (!isComparable(near, field)) continue;
    for (const value of values(field)) {
      const shown = {
        where: { [field]: value },
        select: { [near.identifier.fields[0] ?? '']: true },
      };
      yield {
        read: read(shown),
        evaluate: (now) => {
          const row = find(now);
          if (row === undefined) return null;
          const related = now
            .related(relation, row)
            .filter((other) => matches(other, { [field]: value }));
          return { ...row, [relation.name]: related };
        },
      };
    }
  }
  const select = { _count: { select: { [relation.name]: true } } };
  yield {
    read: { model: far.name, action: 'findUnique', args: { where, select } },
    evaluate: (now) => {
      const row = find(now);
      return row === undefined
        ? null
        : { ...row, _count: { [relation.name]: now.related(relation, row).length } };
    },
  };
}

/** Rows on the other side of a relation that are found by what the row holds. */
export function* filterProbes(
  schema: SchemaInfo,
  model: ModelInfo,
  row: Row,
  relation: RelationInfo,
  changed: readonly string[],
): Iterable<Probe> {
  const far = modelOf(schema, relation.target);
  const inverse = inverseOf(schema, relation);
  const select = { [far.identifier.fields[0] ?? '']: true };
  const filters = [...new Set([...model.identifier.fields, ...changed])]
    .filter((name) => isComparable(model, name))
    .map((name) => ({ [name]: row[name] }));
  for (const filter of inverse.list ? [{}, ...filters] : filters) {
    const where = { [inverse.name]: inverse.list ? { some: filter } : filter };
    yield {
      read: { model: far.name, action: 'findMany', args: { where, select } },
      evaluate: (now) =>
        now
          .rows(far.name)
          .filter((other) => now.related(inverse, other).some((near) => matches(near, filter))),
    };
  }
}

/** The rows that are found by a row that they hang on, or that hangs on them. */
export function* ownFilterProbes(
  far: ModelInfo,
  above: Row,
  near: ModelInfo,
  relation: RelationInfo,
): Iterable<Probe> {
  const select = { [near.identifier.fields[0] ?? '']: true };
  for (const { name } of far.fields) {
    if (!isComparable(far, name)) continue;
    const filter = { [name]: above[name] };
    const where = { [relation.name]: relation.list ? { some: filter } : filter };
    yield {
      read: { model: near.name, action: 'findMany', args: { where, select } },
      evaluate: (now) =>
        now
          .rows(near.name)
          .filter((row) => now.related(relation, row).some((other) => matches(other, filter))),
    };
  }
}
