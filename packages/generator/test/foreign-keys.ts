import type { Schema } from '@boost/core';

/** One foreign key of a database: table, columns, what they refer to, ON DELETE, ON UPDATE. */
export type ForeignKey = string;

/** The foreign keys that the tables of a cacheConfig have. */
export function foreignKeysOf(schema: Schema): ForeignKey[] {
  const keys: ForeignKey[] = [];
  const columns = (model: string, fields: readonly string[]): string =>
    fields
      .map((name) => {
        const field = schema.model(model).fields.get(name);
        return field?.kind === 'scalar' ? field.dbName : name;
      })
      .join();
  const sql = (action: string): string => action.replace(/(?<=.)[A-Z]/, ' $&').toUpperCase();
  for (const name of schema.modelNames) {
    const model = schema.model(name);
    if (model.kind === 'view') continue;
    for (const relation of model.relations) {
      const { fields, references, target, join } = relation;
      const actions = `${sql(relation.onDelete)} ${sql(relation.onUpdate)}`;
      const { dbName } = schema.model(target);
      if (relation.side === 'key') {
        keys.push(
          `${model.dbName}(${columns(name, fields)}) ${dbName}(${columns(target, references)}) ${actions}`,
        );
      } else if (join !== undefined) {
        keys.push(
          `${join.model}(${join.own}) ${model.dbName}(${columns(name, fields)}) ${actions}`,
        );
      }
    }
  }
  return keys.sort();
}

/** The foreign keys in the SQL that Prisma's own schema engine writes. */
export function foreignKeysIn(ddl: string): ForeignKey[] {
  const keys: ForeignKey[] = [];
  let table = '';
  for (const line of ddl.split('\n')) {
    table = /^(?:CREATE|ALTER) TABLE (?:"[^"]+"\.)?"([^"]+)"/.exec(line)?.[1] ?? table;
    const key =
      /FOREIGN KEY \(([^)]*)\) REFERENCES (?:"[^"]+"\.)?"([^"]+)"\s?\(([^)]*)\) ON DELETE ([A-Z ]+) ON UPDATE ([A-Z ]+)/.exec(
        line,
      );
    if (key === null) continue;
    const [, own = '', target = '', references = '', onDelete = '', onUpdate = ''] = key;
    const plain = (list: string): string => list.replace(/"/g, '').replace(/, /g, ',');
    keys.push(
      `${table}(${plain(own)}) ${target}(${plain(references)}) ${onDelete.trim()} ${onUpdate.trim()}`,
    );
  }
  return keys.sort();
}
