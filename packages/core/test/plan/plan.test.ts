import { describe, expect, it } from 'vitest';
import { planRead } from '../../src/plan/read.js';
import { planWrite } from '../../src/plan/write.js';
import { bumps, context, dependencies, meets } from './fixtures.js';

const post42 = { id: 42, title: 'a', published: true, views: 0, authorId: 7 };
const field = context('field');
const model = context('model');

describe('granularity model', () => {
  it('makes everything of a model one scope', () => {
    const plan = planRead(model, {
      model: 'Post',
      action: 'findMany',
      args: { where: { authorId: 7 } },
    });
    expect(plan.scopes).toEqual(['*', 'Post!']);
    expect(plan.dependencies([post42])).toEqual(['*', 'Post!']);
  });

  it('asks the database exactly what the caller asked', () => {
    const args = { select: { title: true }, include: undefined };
    expect(planRead(model, { model: 'Post', action: 'findMany', args }).args).toBe(args);
  });

  it('touches every model a read reaches by include, filter, order, count and cursor', () => {
    const scopes = dependencies(
      model,
      'Post',
      'findMany',
      {
        where: { comments: { some: { author: { name: 'x' } } } },
        orderBy: { author: { name: 'asc' } },
        include: {
          tags: { where: { posts: { some: { id: 1 } } } },
          _count: { select: { comments: true } },
        },
      },
      [],
    );
    expect([...scopes].sort()).toEqual(['*', 'Comment!', 'Post!', 'Tag!', 'User!', '_PostToTag!']);
  });

  it('follows cascades and join tables of a delete to their end', async () => {
    expect((await bumps(model, 'User', 'delete', { where: { id: 1 } })).toSorted()).toEqual([
      'Comment!',
      'Post!',
      'Profile!',
      'User!',
    ]);
    expect((await bumps(model, 'Post', 'delete', { where: { id: 1 } })).toSorted()).toEqual([
      'Comment!',
      'Post!',
      '_PostToTag!',
    ]);
  });

  it('bumps each model that nested writes reach', async () => {
    const args = {
      where: { id: 1 },
      data: {
        posts: {
          create: {
            title: 'x',
            comments: { create: { text: 'y' } },
            tags: { connectOrCreate: { where: { name: 't' }, create: { name: 't' } } },
          },
        },
      },
    };
    expect((await bumps(model, 'User', 'update', args)).toSorted()).toEqual([
      'Comment!',
      'Post!',
      'Tag!',
      'User!',
      '_PostToTag!',
    ]);
  });
});

describe('granularity field', () => {
  it('a comment that moves invalidates itself and what both posts show of their comments', async () => {
    const write = await bumps(
      field,
      'Comment',
      'update',
      { where: { id: 99 }, data: { postId: 43 } },
      {
        images: [{ postId: 42 }],
        result: { id: 99, text: 'c', postId: 43, authorId: 7, parentId: null },
      },
    );
    const comment = { id: 99, text: 'c', postId: 42, authorId: 7, parentId: null };
    const showing = (id: number, comments: unknown[]): readonly string[] =>
      dependencies(
        field,
        'Post',
        'findUnique',
        { where: { id }, include: { comments: true } },
        { ...post42, id, comments },
      );
    expect(meets(showing(42, [comment]), write)).toBe(true);
    expect(meets(showing(43, []), write)).toBe(true);
    expect(meets(showing(44, []), write)).toBe(false);
    for (const id of [42, 43]) {
      const alone = dependencies(field, 'Post', 'findUnique', { where: { id } }, { ...post42, id });
      expect(meets(alone, write)).toBe(false);
    }
    const self = dependencies(field, 'Comment', 'findUnique', { where: { id: 99 } }, comment);
    expect(meets(self, write)).toBe(true);
  });

  it('an update of a field leaves reads that do not show it', async () => {
    const write = await bumps(
      field,
      'User',
      'update',
      { where: { id: 7 }, data: { karma: { increment: 1 } } },
      {
        result: { id: 7, email: 'e', name: 'n', karma: 1, updatedAt: new Date(0) },
      },
    );
    const args = { where: { id: 42 }, include: { author: { select: { name: true } } } };
    const named = dependencies(field, 'Post', 'findUnique', args, {
      ...post42,
      author: { id: 7, name: 'n', email: 'e' },
    });
    expect(meets(named, write)).toBe(false);
    const whole = dependencies(
      field,
      'Post',
      'findUnique',
      { where: { id: 42 }, include: { author: true } },
      {
        ...post42,
        author: { id: 7, name: 'n', email: 'e', karma: 0, updatedAt: new Date(0) },
      },
    );
    expect(meets(whole, write)).toBe(true);
  });

  it('a create invalidates a null that was cached for its key', async () => {
    const missing = dependencies(field, 'User', 'findUnique', { where: { email: 'new' } }, null);
    const write = await bumps(
      field,
      'User',
      'create',
      { data: { email: 'new' } },
      {
        result: { id: 8, email: 'new', name: null, karma: 0, updatedAt: new Date(0) },
      },
    );
    expect(meets(missing, write)).toBe(true);
    const other = dependencies(field, 'User', 'findUnique', { where: { email: 'other' } }, null);
    expect(meets(other, write)).toBe(false);
  });

  it('set: [] unlinks what an implicit many-to-many relation had', async () => {
    const tagged = dependencies(
      field,
      'Post',
      'findUnique',
      { where: { id: 42 }, include: { tags: true } },
      {
        ...post42,
        tags: [{ id: 1, name: 't' }],
      },
    );
    const write = await bumps(
      field,
      'Post',
      'update',
      { where: { id: 42 }, data: { tags: { set: [] } } },
      { result: post42 },
    );
    expect(meets(tagged, write)).toBe(true);
  });

  it('a create among many of another author leaves a list by author', async () => {
    const mine = dependencies(field, 'Post', 'findMany', { where: { authorId: 7 } }, [post42]);
    const write = await bumps(
      field,
      'Post',
      'create',
      { data: { title: 'x', authorId: 8 } },
      { result: { ...post42, id: 50, authorId: 8 } },
    );
    expect(meets(mine, write)).toBe(false);
    const moved = await bumps(
      field,
      'Post',
      'create',
      { data: { title: 'x', authorId: 7 } },
      { result: { ...post42, id: 51 } },
    );
    expect(meets(mine, moved)).toBe(true);
  });

  it('deletes of a parent reach children two levels down', async () => {
    const answers = dependencies(field, 'Comment', 'findMany', { where: { parentId: 5 } }, []);
    const write = await bumps(field, 'Post', 'delete', { where: { id: 42 } }, { result: post42 });
    expect(meets(answers, write)).toBe(true);
  });

  it('adds keys silently and removes them again, in nested selects too', () => {
    const args = { select: { title: true, comments: { select: { text: true } } } };
    const plan = planRead(field, { model: 'Post', action: 'findMany', args });
    expect(plan.args).toEqual({
      select: {
        title: true,
        id: true,
        authorId: true,
        comments: {
          select: { text: true, id: true, postId: true, authorId: true, parentId: true },
        },
      },
    });
    const result = [
      {
        title: 'a',
        id: 42,
        authorId: 7,
        comments: [{ text: 'c', id: 1, postId: 42, authorId: 7, parentId: null }],
      },
    ];
    expect(plan.strip(result)).toEqual([{ title: 'a', comments: [{ text: 'c' }] }]);
    expect(args).toEqual({ select: { title: true, comments: { select: { text: true } } } });
  });

  it('shows what client-level omit hides only to itself', () => {
    const plan = planRead(field, {
      model: 'Post',
      action: 'findMany',
      args: {},
      omit: { Post: { authorId: true } },
    });
    expect(plan.args).toEqual({ omit: { authorId: false } });
    expect(plan.strip([{ id: 1, title: 'a', authorId: 7 }])).toEqual([{ id: 1, title: 'a' }]);
  });

  it('an update of many by a tracked key names its rows when they are returned', async () => {
    const write = await bumps(
      field,
      'Post',
      'updateMany',
      { where: { authorId: 7 }, data: { title: 'x' } },
      {
        images: [{ id: 42 }],
        result: [{ id: 42, authorId: 7 }],
      },
    );
    expect(write).toContain('Post:42#title');
    expect(write).not.toContain('Post!');
  });

  it('past the row budget the fence is what is bumped', async () => {
    const small = { ...field, limits: { ...field.limits, maxBulkRows: 1 } };
    const args = { where: { published: true }, data: { title: 'x' } };
    const write = await bumps(small, 'Post', 'updateMany', args, {
      images: [{ id: 1 }, { id: 2 }],
      result: { count: 2 },
    });
    expect(write).toEqual(planWrite(small, { model: 'Post', action: 'updateMany', args }).fence);
    expect(write).toContain('Post!');
  });
});

describe('granularity row', () => {
  const row = context('row');

  it('keeps counters out of reads that show names', async () => {
    const write = await bumps(
      row,
      'Post',
      'update',
      { where: { id: 42 }, data: { views: 1 } },
      { result: post42 },
    );
    const keys = dependencies(
      row,
      'Post',
      'findMany',
      { where: { authorId: 7 }, select: { id: true } },
      [{ id: 42, authorId: 7 }],
    );
    expect(meets(keys, write)).toBe(false);
  });

  it('folds to at most as many scopes as it may when that is possible', () => {
    const folded = { ...row, limits: { ...row.limits, maxScopes: 10 } };
    const rows = Array.from({ length: 25 }, (_, id) => ({ ...post42, id }));
    expect(
      dependencies(folded, 'Post', 'findMany', { where: { authorId: 7 } }, rows).length,
    ).toBeLessThanOrEqual(10);
  });

  it('leaves reads alone whose fields neverInvalidateOn names and which do not show them', async () => {
    const tracked = context('row', {
      fieldTracking: { Post: { neverInvalidateOn: ['views'], alwaysInvalidateOn: ['published'] } },
    });
    const args = { where: { id: 42 }, select: { title: true } };
    const read = dependencies(tracked, 'Post', 'findUnique', args, {
      id: 42,
      title: 'a',
      authorId: 7,
    });
    const views = await bumps(
      tracked,
      'Post',
      'update',
      { where: { id: 42 }, data: { views: { increment: 1 } } },
      { result: post42 },
    );
    expect(meets(read, views)).toBe(false);
    const status = await bumps(
      tracked,
      'Post',
      'update',
      { where: { id: 42 }, data: { published: false } },
      { result: post42 },
    );
    expect(meets(read, status)).toBe(true);
  });
});
