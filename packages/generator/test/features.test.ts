import { readFile } from 'node:fs/promises';
import type { Schema } from '@boost/core';
import { ddlFor } from '@boost-tooling/database';
import { beforeAll, describe, expect, it } from 'vitest';
import { foreignKeysIn, foreignKeysOf } from './foreign-keys.js';
import { generateOnce, type Generated } from './prisma.js';

const text = await readFile(new URL('./schemas/features.prisma', import.meta.url), 'utf8');
let generated: Generated;
let schema: Schema;

beforeAll(async () => {
  generated = await generateOnce(text);
  ({ schema } = generated);
});

describe('a schema with every feature', () => {
  it('comes out as the snapshot says', async () => {
    await expect(generated.text).toMatchFileSnapshot(
      './__snapshots__/features.cacheConfig.js.snap',
    );
  });

  it('has tables, columns, defaults and database schemas', () => {
    const user = schema.model('User');
    expect(user).toMatchObject({ dbName: 'users', dbSchema: 'public', kind: 'model' });
    expect(user.updatedAt).toEqual(['updatedAt']);
    expect(user.fields.get('email')).toMatchObject({ dbName: 'e-mail address' });
    expect(user.fields.get('labels')).toMatchObject({
      list: true,
      default: { kind: 'static', value: ['new', 'a|b c'] },
    });
    expect(user.fields.get('id')).toMatchObject({ default: { kind: 'generated' } });
    expect(user.fields.get('role')).toMatchObject({ type: 'Enum', enumName: 'Role' });
  });

  it('has keys under the names that a where gives them', () => {
    expect(schema.model('User').identifier).toEqual({ name: 'id', fields: ['id'] });
    const post = schema.model('Post');
    expect(post.identifier).toEqual({ name: 'address', fields: ['tenant', 'slug'] });
    expect(post.uniques).toContainEqual({ name: 'title_authorId', fields: ['title', 'authorId'] });
    // A name of its own is for compound keys: this one is `where: { area }`.
    expect(schema.model('Place').uniques).toEqual([
      { name: 'spot', fields: ['region', 'zone'] },
      { name: 'area', fields: ['area'] },
    ]);
    expect(schema.model('Seat').uniques).toEqual([
      { name: 'userId_region_zone', fields: ['userId', 'region', 'zone'] },
      { name: 'seat', fields: ['region', 'number'] },
    ]);
    // Without a primary key, the first unique key that every row has.
    expect(schema.model('Code').identifier).toEqual({ name: 'userId', fields: ['userId'] });
  });

  it('tracks keys, uniques and leading fields of indexes whose equality can be told', () => {
    const tracked = (name: string): string[] => schema.model(name).tracked.map(String);
    // Not `nick`, which is compared without case, nor what the client cannot see.
    expect(tracked('User')).toEqual(['managerId', 'id', 'uuid', 'email', 'role']);
    expect(tracked('Comment')).toEqual(['tenant,slug', 'id', 'slug']);
    expect(tracked('_CommentToTag')).toEqual(['A,B', 'A', 'B']);
    expect(tracked('Code')).toEqual(['userId']);
    expect(tracked('Log')).toEqual([]);
  });

  it('has relations of every kind', () => {
    const relation = (model: string, field: string): unknown =>
      schema.model(model).fields.get(field);
    expect(relation('User', 'reports')).toMatchObject({
      side: 'inverse',
      fields: ['id'],
      references: ['managerId'],
    });
    expect(relation('Profile', 'user')).toMatchObject({ fields: ['userId'], references: ['uuid'] });
    expect(relation('Comment', 'post')).toMatchObject({
      fields: ['tenant', 'slug'],
      references: ['tenant', 'slug'],
    });
    expect(relation('Post', 'author')).toMatchObject({ relationName: 'wrote', inverse: 'posts' });
    expect(relation('Post', 'editor')).toMatchObject({ relationName: 'edited', nullable: true });
    expect(relation('Seat', 'place')).toMatchObject({ side: 'key', fields: ['region', 'zone'] });
    expect(relation('User', 'seats')).toMatchObject({ references: ['userId'], target: 'Seat' });
    expect(relation('Tag', 'comments')).toMatchObject({
      side: 'join',
      join: { model: '_CommentToTag', own: 'B', other: 'A' },
    });
    expect(schema.model('_CommentToTag')).toMatchObject({
      kind: 'join',
      dbSchema: 'audit',
      identifier: { name: 'A_B', fields: ['A', 'B'] },
    });
  });

  it('has the referential actions that are declared, and the defaults of the others', () => {
    const actions = (model: string, field: string): unknown => {
      const relation = schema.model(model).fields.get(field);
      return relation?.kind === 'relation' && [relation.onDelete, relation.onUpdate];
    };
    expect(actions('User', 'manager')).toEqual(['NoAction', 'NoAction']);
    expect(actions('User', 'reports')).toEqual(['NoAction', 'NoAction']);
    expect(actions('Profile', 'user')).toEqual(['SetDefault', 'Cascade']);
    expect(actions('Post', 'author')).toEqual(['Cascade', 'Cascade']);
    expect(actions('Post', 'editor')).toEqual(['SetNull', 'Cascade']);
    expect(actions('Comment', 'post')).toEqual(['Restrict', 'Restrict']);
    expect(actions('Code', 'owner')).toEqual(['Restrict', 'NoAction']);
    // Optional, but one field of its key is required: it cannot become null.
    expect(actions('Draft', 'place')).toEqual(['Restrict', 'Cascade']);
  });

  it('has the foreign keys that Prisma gives its tables', async () => {
    const tables = text
      .replace(/^view [^}]*\}/m, '')
      .replace(/^ *activity .*$/m, '')
      .replace(/^ *previewFeatures.*$/m, '');
    expect(foreignKeysOf(schema)).toEqual(foreignKeysIn(await ddlFor(tables)));
  });

  it('tells views from models', () => {
    expect(schema.viewNames).toEqual(['Activity']);
    expect(schema.model('Activity')).toMatchObject({ kind: 'view', dbName: 'recent_activity' });
  });

  it('keeps what the client cannot see apart', () => {
    const user = schema.model('User');
    expect(user.fields.get('secret')).toMatchObject({ type: 'String', selectable: false });
    expect(user.fields.get('search')).toMatchObject({ type: 'Unsupported', selectable: false });
    expect(schema.model('Draft').fields.get('price')).toMatchObject({
      dbName: 'net price',
      nativeType: 'Decimal(10,2)',
      selectable: false,
    });
  });

  it('follows referential actions through models that the client does not have', () => {
    const log = schema.model('Log');
    expect(log).toMatchObject({ dbName: 'audit log', dbSchema: 'audit', identifier: null });
    expect(log.fields.get('post')).toMatchObject({ side: 'key', onDelete: 'Cascade' });
    expect([...log.fields.keys()]).toEqual(['tenant', 'slug', 'post']);
  });

  it('has the visible side of a relation whose other side is ignored', () => {
    const user = schema.model('User');
    expect(user.fields.get('drafts')).toMatchObject({
      side: 'inverse',
      references: ['userId'],
      onDelete: 'Cascade',
    });
    expect(user.fields.get('watched')).toMatchObject({
      side: 'join',
      join: { model: '_watched', own: 'B' },
    });
    expect(schema.has('_watched')).toBe(true);
  });
});

describe('the text of the module', () => {
  it('is the same for the same schema', async () => {
    expect((await generateOnce(text)).text).toBe(generated.text);
  });

  it.each([
    ['an enum', '  EDITOR\n', '  EDITOR\n  ADMIN\n'],
    ['a column', '@map("e-mail address")', '@map("mail")'],
    ['a referential action', 'onDelete: SetDefault', 'onDelete: Cascade'],
  ])('has another hash when %s changes', async (_, before, after) => {
    const changed = await generateOnce(text.replace(before, after));
    expect(changed.config.schemaHash).not.toBe(generated.config.schemaHash);
  });
});

describe('referential actions by provider', () => {
  const models = (provider: string, more = ''): string => `datasource db {
  provider = "${provider}"
  // relationMode = "prisma" is only spoken of here
  ${more}
}

model Parent {
  id       Int     @id
  children Child[]
}

model Child {
  id       Int    @id
  parentId Int
  parent   Parent @relation(fields: [parentId], references: [id])

  @@index([parentId])
}
`;

  it.each([
    ['sqlite', '', 'foreignKeys', 'Restrict'],
    ['mysql', 'relationMode = "prisma"', 'prisma', 'Restrict'],
    ['sqlserver', '', 'foreignKeys', 'NoAction'],
    ['sqlserver', 'relationMode = "prisma"', 'prisma', 'Restrict'],
  ])('%s %s', async (provider, more, relationMode, onDelete) => {
    const small = await generateOnce(models(provider, more));
    expect(small.schema).toMatchObject({ provider, relationMode });
    expect(small.schema.model('Child').relations[0]).toMatchObject({
      onDelete,
      onUpdate: 'Cascade',
    });
  });
});
