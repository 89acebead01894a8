import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Model, ReferentialAction, RelationField } from '@boost/core';
import { ddlFor, modelsOnly } from '@boost-tooling/database';
import { schemas as kept } from '@boost-tooling/schemas';
import { describe, expect, it } from 'vitest';
import { foreignKeysIn, foreignKeysOf } from './foreign-keys.js';
import { generateOnce, type Generated } from './prisma.js';

/** More real schemas than may be kept here: every `.prisma` file of this folder, where one is named. */
const folder = process.env['BOOST_SCHEMAS_DIR'];

const more = (folder === undefined ? [] : readdirSync(folder))
  .filter((file) => file.endsWith('.prisma'))
  .map(
    (file) =>
      [file.replace(/\.prisma$/, ''), readFileSync(join(folder ?? '', file), 'utf8')] as const,
  );
const schemas = new Map([...kept, ...more]);

/** Counted by hand and by another program: models, relations, implicit many-to-many, `@@id`, relations of a model with itself. */
const COUNTS: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  'trigger-dev': [81, 161, 4, 2, 3],
  amplication: [40, 76, 8, 0, 1],
  'anything-llm': [33, 31, 0, 0, 0],
  hoppscotch: [23, 22, 0, 0, 2],
  umami: [17, 23, 0, 0, 0],
  'saas-starter-kit': [12, 8, 0, 0, 0],
  'epic-stack': [11, 9, 2, 0, 0],
  realworld: [4, 6, 3, 0, 1],
  'reactive-resume': [4, 3, 0, 0, 0],
};

/** A far simpler reader than the generator's: what the lines of a schema say of its relations. */
function countLines(text: string): {
  models: number;
  actions: Record<ReferentialAction, number>;
} {
  const lines = text.split('\n').map((line) => line.replace(/\/\/.*$/, ''));
  const actions = { Cascade: 0, Restrict: 0, NoAction: 0, SetNull: 0, SetDefault: 0 };
  for (const line of lines.filter((candidate) => /@relation\(.*fields:/.test(candidate))) {
    const declared = /onDelete:\s*(\w+)/.exec(line)?.[1] as ReferentialAction | undefined;
    const optional = /^\s*\w+\s+\w+\?/.test(line);
    actions[declared ?? (optional ? 'SetNull' : 'Restrict')] += 1;
  }
  return { models: lines.filter((line) => /^model\s/.test(line)).length, actions };
}

const isKey = ({ side }: RelationField): boolean => side === 'key';
/** One of the two sides of an implicit many-to-many relation. */
const isFirstOfJoin = ({ join }: RelationField): boolean => join?.own === 'A';
/** Not `@@ignore`d. */
const isVisible = ({ scalars }: Model): boolean => scalars.some(({ selectable }) => selectable);

const runs = new Map<string, Promise<Generated>>();

async function generated(name: string): Promise<Generated & { models: Model[] }> {
  const run = runs.get(name) ?? generateOnce(modelsOnly(textOf(name)));
  runs.set(name, run);
  const { schema, ...rest } = await run;
  const models = schema.modelNames.map((model) => schema.model(model));
  return { ...rest, schema, models: models.filter(({ kind }) => kind === 'model') };
}

function textOf(name: string): string {
  const text = schemas.get(name);
  if (text === undefined) throw new Error(`There is no schema "${name}".`);
  return text;
}

it('there are real schemas', () => {
  expect(schemas.size).toBeGreaterThanOrEqual(8);
});

describe.each([...schemas.keys()])('%s', (name) => {
  it('has the models and referential actions that its lines say', async () => {
    const { models } = await generated(name);
    const lines = countLines(textOf(name));
    expect(models).toHaveLength(lines.models);
    const actions = { Cascade: 0, Restrict: 0, NoAction: 0, SetNull: 0, SetDefault: 0 };
    for (const { onDelete } of models.flatMap(({ relations }) => relations).filter(isKey)) {
      actions[onDelete] += 1;
    }
    expect(actions).toEqual(lines.actions);
  });

  it('has the foreign keys that Prisma gives its tables', async () => {
    const { schema } = await generated(name);
    const keys = foreignKeysIn(await ddlFor(textOf(name)));
    if (schema.relationMode === 'prisma') expect(keys).toEqual([]);
    else expect(foreignKeysOf(schema)).toEqual(keys);
  });

  it('has relations whose sides find each other', async () => {
    const { models, schema } = await generated(name);
    for (const model of models) {
      for (const relation of model.relations.filter(({ inverse }) => inverse !== '')) {
        expect(schema.model(relation.target).fields.get(relation.inverse)).toMatchObject({
          kind: 'relation',
          target: model.name,
          inverse: relation.name,
          relationName: relation.relationName,
          fields: relation.references,
          references: relation.fields,
          onDelete: relation.onDelete,
        });
      }
    }
  });
});

describe.each(Object.entries(COUNTS).filter(([name]) => schemas.has(name)))(
  '%s',
  (name, counts) => {
    it('has as many models and relations as were counted', async () => {
      const models = (await generated(name)).models.filter(isVisible);
      const keys = models.flatMap(({ relations }) => relations).filter(isKey);
      const joins = models.flatMap(({ relations }) => relations).filter(isFirstOfJoin);
      const own = models.flatMap((model) =>
        [...keys, ...joins].filter((r) => r.target === model.name && model.relations.includes(r)),
      );
      const compound = models.filter(({ identifier }) => (identifier?.fields.length ?? 0) > 1);
      const relations = keys.length + joins.length;
      expect([models.length, relations, joins.length, compound.length, own.length]).toEqual(counts);
    });
  },
);

it('the largest takes at most 120 bytes a model, compressed', async () => {
  const { text, models } = await generated('trigger-dev');
  expect(gzipSync(text, { level: 9 }).length / models.length).toBeLessThanOrEqual(120);
});
