import { parseConfig, type CacheConfig, type Scope } from '@boost/core';
import type { GraphModel, GraphRelation, GraphReply } from './wire.js';

/**
 * The models, and the relations by which a write to one of them is seen in reads of another.
 *
 * @throws BoostError `BOOST_CONFIG_INVALID`
 */
export function schemaGraph(config: CacheConfig): GraphReply {
  const schema = parseConfig(config);
  const models: GraphModel[] = [];
  const relations: GraphRelation[] = [];
  for (const modelName of schema.modelNames) {
    const model = schema.model(modelName);
    if (model.kind === 'join') continue;
    models.push({ name: model.name, kind: model.kind, fields: model.scalars.length });
    for (const { side, fields, target, join, inverse, onDelete, name } of model.relations) {
      if (side === 'key') {
        relations.push({ from: model.name, to: target, by: fields.join(), kind: 'key', onDelete });
      }
      // Both ends tell of it.
      const isFirst = model.name < target || (model.name === target && name < inverse);
      if (side === 'join' && join !== undefined && isFirst) {
        relations.push({ from: model.name, to: target, by: join.model, kind: 'join', onDelete });
      }
    }
  }
  return { models, relations };
}

/**
 * The scopes of a coordinator's granularity that need no value of a row to be known.
 *
 * @throws BoostError `BOOST_CONFIG_INVALID`
 */
export function scopesOfSchema(config: CacheConfig): readonly Scope[] {
  const schema = parseConfig(config);
  return schema.modelNames.flatMap((name) => {
    const { scalars, tracked, identifier } = schema.model(name);
    const keys = identifier === null ? tracked : [identifier.fields, ...tracked];
    return [
      ...['!', '#rows', '#~place'].map((facet) => `${name}${facet}`),
      ...scalars.map((field) => `${name}#${field.name}`),
      ...keys.map((key) => `${name}{${key.join()}=?}`),
    ];
  });
}
