import type { ReferentialAction, Schema } from '../schema/schema.js';

/** Rows of `model` refer by `fields` to `references` of the model that was asked about. */
export interface IncomingReference {
  readonly model: string;
  readonly fields: readonly string[];
  readonly references: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** The rows are those of the join table of an implicit many-to-many relation. */
  readonly join: boolean;
  /** At most one row refers to each row: a new one displaces the old. */
  readonly unique: boolean;
}

const compiled = new WeakMap<Schema, ReadonlyMap<string, readonly IncomingReference[]>>();

/** Who refers to the model, self-relations and join tables included: where its referential actions lead. */
export function referencesTo(schema: Schema, model: string): readonly IncomingReference[] {
  let all = compiled.get(schema);
  if (all === undefined) {
    all = compile(schema);
    compiled.set(schema, all);
  }
  return all.get(model) ?? [];
}

function compile(schema: Schema): ReadonlyMap<string, readonly IncomingReference[]> {
  const all = new Map<string, IncomingReference[]>();
  const add = (target: string, reference: IncomingReference): void => {
    const known = all.get(target);
    if (known === undefined) all.set(target, [reference]);
    else known.push(reference);
  };
  for (const name of schema.modelNames) {
    for (const relation of schema.model(name).relations) {
      if (relation.side === 'key') {
        const { fields, references, onDelete, onUpdate } = relation;
        const inverse = schema.model(relation.target).fields.get(relation.inverse);
        const unique = inverse?.kind === 'relation' && !inverse.list;
        add(relation.target, {
          model: name,
          fields,
          references,
          onDelete,
          onUpdate,
          join: false,
          unique,
        });
      } else if (relation.join !== undefined) {
        add(name, {
          model: relation.join.model,
          fields: [relation.join.own],
          references: relation.fields,
          onDelete: 'Cascade',
          onUpdate: 'Cascade',
          join: true,
          unique: false,
        });
      }
    }
  }
  return all;
}
