import type { Operation } from '../generate/context.ts';
import type { ModelInfo, SchemaInfo } from '../schema/metadata.ts';
import { modelOf } from '../schema/metadata.ts';
import { isPlain } from './canonical.ts';

/** Every table that an operation's arguments can lead to: where none of them has changed, a read has not either. */
export function tablesOf(schema: SchemaInfo, { model, args }: Operation): ReadonlySet<string> {
  const tables = new Set<string>();
  const root = modelOf(schema, model);
  tables.add(root.table);
  collect(schema, root, args, tables);
  return tables;
}

/** Relation names are looked for at every level, whatever the words between them: too many tables do no harm. */
function collect(schema: SchemaInfo, model: ModelInfo, value: unknown, tables: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(schema, model, item, tables);
    return;
  }
  if (!isPlain(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const relation = model.relations.find((candidate) => candidate.name === name);
    if (relation === undefined) {
      if (name === '_count' && inner === true) addCounted(schema, model, tables);
      collect(schema, model, inner, tables);
      continue;
    }
    const target = modelOf(schema, relation.target);
    tables.add(target.table);
    if (relation.joinTable !== undefined) tables.add(relation.joinTable);
    collect(schema, target, inner, tables);
  }
}

function addCounted(schema: SchemaInfo, model: ModelInfo, tables: Set<string>): void {
  for (const { list, target, joinTable } of model.relations) {
    if (!list) continue;
    tables.add(modelOf(schema, target).table);
    if (joinTable !== undefined) tables.add(joinTable);
  }
}

/** The tables of models and the join tables between them. */
export function allTables(models: readonly ModelInfo[]): readonly string[] {
  const joins = models.flatMap(({ relations }) =>
    relations.flatMap(({ joinTable }) => (joinTable === undefined ? [] : [joinTable])),
  );
  return [...new Set([...models.map(({ table }) => table), ...joins])];
}
