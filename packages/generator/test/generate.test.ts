import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsOnly } from '@boost-tooling/database';
import { schemas } from '@boost-tooling/schemas';
import { describe, expect, it } from 'vitest';
import { prismaGenerate } from './prisma.js';

const read = (name: string): Promise<string> =>
  readFile(new URL(`./schemas/${name}.prisma`, import.meta.url), 'utf8');

async function failure(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    return String((error as { stderr?: string }).stderr) + String(error);
  }
  throw new Error('prisma generate did not fail');
}

describe('every feature of a schema', () => {
  it('comes out as the snapshot says', async () => {
    const { text } = await prismaGenerate(await read('features'));
    await expect(text).toMatchFileSnapshot('./__snapshots__/features.cacheConfig.js.snap');
  });

  it('compiles to what the planner needs', async () => {
    const { schema } = await prismaGenerate(await read('features'));
    const user = schema.model('User');
    expect(user).toMatchObject({
      dbName: 'users',
      dbSchema: 'public',
      kind: 'model',
      updatedAt: ['updatedAt'],
    });
    expect(user.identifier).toEqual({ name: 'id', fields: ['id'] });
    // Case-insensitive text names no partition, nor does what the client cannot see.
    expect(user.tracked.map(String)).toEqual(['managerId', 'id', 'uuid', 'email', 'role']);
    expect(user.fields.get('email')).toMatchObject({ dbName: 'e-mail address' });
    expect(user.fields.get('labels')).toMatchObject({
      list: true,
      default: { kind: 'static', value: ['new', 'a|b c'] },
    });
    expect(user.fields.has('secret')).toBe(false);
    expect(user.fields.get('reports')).toMatchObject({
      side: 'inverse',
      onDelete: 'NoAction',
      onUpdate: 'NoAction',
      fields: ['id'],
      references: ['managerId'],
    });
    expect(user.fields.get('friends')).toMatchObject({
      side: 'join',
      join: { model: '_friends', own: 'B', other: 'A' },
    });
    expect(user.fields.get('friendOf')).toMatchObject({ join: { own: 'A', other: 'B' } });
    expect(schema.model('Profile').fields.get('user')).toMatchObject({
      references: ['uuid'],
      onDelete: 'SetDefault',
      onUpdate: 'Cascade',
    });
    const post = schema.model('Post');
    expect(post.identifier).toEqual({ name: 'address', fields: ['tenant', 'slug'] });
    expect(post.uniques).toContainEqual({ name: 'title_authorId', fields: ['title', 'authorId'] });
    expect(post.fields.get('author')).toMatchObject({ onDelete: 'Cascade', relationName: 'wrote' });
    expect(post.fields.get('editor')).toMatchObject({ onDelete: 'SetNull', nullable: true });
    expect(schema.model('Comment').fields.get('post')).toMatchObject({
      fields: ['tenant', 'slug'],
      onDelete: 'Restrict',
      onUpdate: 'Restrict',
    });
    expect(schema.model('_CommentToTag')).toMatchObject({
      kind: 'join',
      identifier: { fields: ['A', 'B'] },
    });
    expect(schema.model('Activity')).toMatchObject({ kind: 'view', dbName: 'recent_activity' });
    expect(schema.model('Log')).toMatchObject({
      dbName: 'audit log',
      identifier: null,
      tracked: [],
    });
    expect(schema.model('Log').fields.get('post')).toMatchObject({
      side: 'key',
      onDelete: 'Cascade',
    });
  });

  it('is the same twice', async () => {
    const [first, second] = await Promise.all([
      prismaGenerate(await read('features')),
      prismaGenerate(await read('features')),
    ]);
    expect(first.text).toBe(second.text);
  });

  it('changes its hash with an enum', async () => {
    const schema = await read('features');
    const [before, after] = await Promise.all([
      prismaGenerate(schema),
      prismaGenerate(schema.replace('  EDITOR\n', '  EDITOR\n  ADMIN\n')),
    ]);
    expect(after.config.schemaHash).not.toBe(before.config.schemaHash);
  });
});

describe('options of the block', () => {
  const small =
    'datasource db {\n  provider = "sqlite"\n}\n\nmodel Post {\n  id Int @id\n  slug String\n  size Float\n  a Int\n  @@index([slug])\n}\n';

  it('adds and removes tracked keys', async () => {
    const { schema } = await prismaGenerate(small, [
      'track = ["Post.a", "Post.a,slug"]',
      'untrack = ["Post.slug"]',
    ]);
    expect(schema.model('Post').tracked.map(String)).toEqual(['id', 'a', 'a,slug']);
  });

  it('writes the formats that are asked for', async () => {
    const { folder } = await prismaGenerate(small, ['formats = ["esm", "cjs", "ts"]']);
    expect((await readdir(join(folder, 'generated'))).sort()).toEqual([
      'cacheConfig.cjs',
      'cacheConfig.d.cts',
      'cacheConfig.d.ts',
      'cacheConfig.js',
      'cacheConfig.ts',
    ]);
  });

  it.each([
    ['an unknown option', 'tracks = ["Post.a"]', 'schema.prisma:3: unknown option "tracks"'],
    [
      'an unknown model',
      'track = ["Pots.a"]',
      'schema.prisma:3: track names "Pots.a", but there is no model "Pots"',
    ],
    [
      'an unknown field',
      'track = ["Post.b"]',
      'schema.prisma:3: track names "Post.b", but model Post has no scalar field "b"',
    ],
    [
      'a field without plain equality',
      'track = ["Post.size"]',
      'schema.prisma:3: Post.size cannot be tracked',
    ],
    ['an unknown format', 'formats = ["yaml"]', 'schema.prisma:3: unknown format "yaml"'],
  ])('refuses %s with file and line', async (_, line, message) => {
    expect(await failure(prismaGenerate(small, [line]))).toContain(message);
  });
});

describe('real schemas', () => {
  it.each([...schemas])(
    '%s has as many models, relations and actions as its text',
    async (_, text) => {
      const { schema } = await prismaGenerate(modelsOnly(text));
      const models = schema.modelNames.map((name) => schema.model(name));
      const lines = text.split('\n').map((line) => line.replace(/\/\/.*$/, ''));
      const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
      const keys = models
        .flatMap(({ relations }) => relations)
        .filter(({ side }) => side === 'key');
      expect(models.filter(({ kind }) => kind === 'model')).toHaveLength(count(/^model\s/));
      expect(keys).toHaveLength(count(/@relation\(.*fields:/));
      for (const action of ['Cascade', 'SetNull', 'NoAction', 'Restrict'] as const) {
        const declared = count(new RegExp(`onDelete:\\s*${action}`));
        const found = keys.filter(({ onDelete }) => onDelete === action).length;
        // Defaults are SetNull and Restrict: there can be more of those than are declared.
        if (action === 'Cascade' || action === 'NoAction') expect(found).toBe(declared);
        else expect(found).toBeGreaterThanOrEqual(declared);
      }
    },
  );

  it('the largest costs at most 120 bytes a model, compressed', async () => {
    const { text, schema } = await prismaGenerate(modelsOnly(schemas.get('trigger-dev') ?? ''));
    const { gzipSync } = await import('node:zlib');
    const models = schema.modelNames.filter((name) => schema.model(name).kind !== 'join').length;
    expect(gzipSync(text, { level: 9 }).length / models).toBeLessThanOrEqual(120);
  });
});
