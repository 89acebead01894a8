import { isDeepStrictEqual } from 'node:util';
import type { Args, Model } from '@boost/core';

export function isRecord(value: unknown): value is Args {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Equalities and `in` on scalar fields: what the workload filters by. @throws RangeError on anything else */
export function matches(model: Model, row: Args, where: Args): boolean {
  return Object.entries(where).every(([name, filter]) => {
    if (model.fields.get(name)?.kind !== 'scalar') {
      throw new RangeError(`the workload does not filter by ${model.name}.${name}`);
    }
    if (!isRecord(filter)) return isDeepStrictEqual(row[name], filter);
    const values = filter['in'];
    if (!Array.isArray(values) || Object.keys(filter).length > 1) {
      throw new RangeError('the workload filters by equality and in');
    }
    return values.includes(row[name]);
  });
}

/** Sorted by the fields of `orderBy`, in turn; as it is without. */
export function order<Row extends Args>(rows: readonly Row[], orderBy: unknown): readonly Row[] {
  if (orderBy === undefined) return rows;
  const terms = (Array.isArray(orderBy) ? orderBy : [orderBy]).flatMap((term) =>
    Object.entries(term as Record<string, string>),
  );
  const keys = terms.map(([field, direction]) => {
    const sign = direction === 'desc' ? -1 : 1;
    return Float64Array.from(rows, (row) => sign * Number(row[field]));
  });
  const positions = Array.from(rows.keys());
  positions.sort((a, b) => {
    for (const values of keys) {
      const difference = (values[a] as number) - (values[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return positions.map((position) => rows[position] as Row);
}
