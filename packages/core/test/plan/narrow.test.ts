import { describe, expect, it } from 'vitest';
import { createPlanContext, type PlanContext } from '../../src/plan/context.js';
import { parseConfig } from '../../src/schema/parse.js';
import type { Granularity } from '../../src/scope/scope.js';
import { bumps, dependencies, meets } from './fixtures.js';

/** Links with tags by a join table that is written out, and votes that are looked up by voter and link. */
const links = parseConfig({
  format: 1,
  schemaHash: 'links',
  provider: 'sqlite',
  relationMode: 'foreignKeys',
  models: {
    User: 'm|id:I+ name:S karma:I=0|#id name|links<Link.author[] votes<Vote.user[]|',
    Link: 'm|id:I+ title:S score:I=0 authorId:I|#id|author>User.links(authorId=id)RC taggings<Tagging.link[] votes<Vote.link[]|',
    Tagging:
      'm|id:I+ linkId:I tagId:I|#id linkId_tagId=linkId,tagId|link>Link.taggings(linkId=id)RC tag>Tag.taggings(tagId=id)RC|',
    Tag: 'm|id:I+ name:S|#id name|taggings<Tagging.tag[]|',
    Vote: 'm|id:I+ points:I userId:I linkId:I|#id|user>User.votes(userId=id)RC link>Link.votes(linkId=id)RC|+userId,linkId',
  },
});

function planned(granularity: Granularity, maxScopes: number): PlanContext {
  return createPlanContext(links, {
    granularity,
    maxScopes,
    maxBulkRows: 600,
    maxParameters: 1000,
  });
}

const link = {
  id: 1,
  title: 'a',
  score: 3,
  authorId: 4,
  author: { id: 4, name: 'ann' },
  taggings: [
    { id: 1, linkId: 1, tagId: 2, tag: { id: 2, name: 'b' } },
    { id: 2, linkId: 1, tagId: 3, tag: { id: 3, name: 'c' } },
  ],
};
const page = {
  where: { id: 1 },
  include: { author: { select: { name: true } }, taggings: { include: { tag: true } } },
};

describe('a tracked key of several fields', () => {
  const field = planned('field', 1000);
  const created = (userId: number, linkId: number): ReturnType<typeof bumps> =>
    bumps(
      field,
      'Vote',
      'create',
      { data: { points: 1, userId, linkId } },
      { result: { id: 9, points: 1, userId, linkId } },
    );

  it('narrows further than one that has some of the fields', async () => {
    const read = dependencies(field, 'Vote', 'findMany', { where: { userId: 7, linkId: 1 } }, []);
    expect(meets(read, await created(7, 1))).toBe(true);
    expect(meets(read, await created(7, 2))).toBe(false);
    expect(meets(read, await created(8, 1))).toBe(false);
  });

  it('narrows a list of values', async () => {
    const where = { userId: 7, linkId: { in: Array.from({ length: 25 }, (_, index) => index) } };
    const read = dependencies(field, 'Vote', 'findMany', { where }, []);
    expect(meets(read, await created(7, 24))).toBe(true);
    expect(meets(read, await created(7, 25))).toBe(false);
  });

  it('is left alone where its values would only be folded', () => {
    const where = { userId: 7, linkId: { in: Array.from({ length: 25 }, (_, index) => index) } };
    const read = dependencies(planned('row', 10), 'Vote', 'findMany', { where }, []);
    expect(read).toContain('Vote{userId=7}#~key');
    expect(read.length).toBeLessThanOrEqual(10);
  });

  it('is met by a vote of which only the voter is known', async () => {
    const read = dependencies(field, 'Vote', 'findMany', { where: { userId: 7, linkId: 1 } }, []);
    expect(meets(read, await bumps(field, 'User', 'update', voteOf(7)))).toBe(true);
  });
});

/** Moves a vote without a word on which link it is for. */
function voteOf(userId: number): Record<string, unknown> {
  return { where: { id: userId }, data: { votes: { connect: { id: 9 } } } };
}

describe('folding', () => {
  it('folds the model that saves most, and leaves the others as narrow as they are', () => {
    const read = dependencies(planned('row', 10), 'Link', 'findUnique', page, link);
    expect([...read].sort()).toEqual([
      '*',
      'Link!',
      'Link:1#~key',
      'Link:1#~rest',
      'Tag!',
      'Tag#~key',
      'Tagging!',
      'Tagging{linkId=1}#~key',
      'User!',
      'User:4#~key',
    ]);
  });

  it('folds rows of one model into their partition before it folds whole models', () => {
    const rows = Array.from({ length: 8 }, (_, id) => ({ id, points: 1, userId: 7, linkId: id }));
    const read = dependencies(
      planned('row', 10),
      'Vote',
      'findMany',
      { where: { userId: 7 } },
      rows,
    );
    expect(read).toContain('Vote{userId=7}#~rest');
    expect(read).not.toContain('Vote#~rest');
  });
});

describe('a model that has nothing but keys, at granularity row', () => {
  const row = planned('row', 10);
  const read = dependencies(row, 'Link', 'findUnique', page, link);

  it('is read with a key less, and changed imprecisely where a key is not known', async () => {
    const args = { where: { id: 1 }, data: { taggings: { connect: { id: 5 } } } };
    const moved = await bumps(row, 'Link', 'update', args, { result: { ...link, id: 2 } });
    expect(moved).toContain('Tagging!');
    expect(meets(read, moved)).toBe(true);
  });

  it('is changed precisely where its keys are known', async () => {
    const create = (linkId: number): ReturnType<typeof bumps> =>
      bumps(
        row,
        'Tagging',
        'create',
        { data: { linkId, tagId: 2 } },
        { result: { id: 9, linkId, tagId: 2 } },
      );
    expect(meets(read, await create(1))).toBe(true);
    expect(meets(read, await create(2))).toBe(false);
  });
});
