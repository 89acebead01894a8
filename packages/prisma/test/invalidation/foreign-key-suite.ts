import { describe, expect, test } from 'vitest';
import type { InvalidationResult } from '../../src/index.js';
import { survivorsOf, type Client, type Harness, type Reads } from './harness.js';

const MOVE = { where: { id: 99 }, data: { postId: 43 } } as const;

const READS: Reads = {
  'comment 99': (client) => client.comment.findUnique({ where: { id: 99 } }),
  'comment 98': (client) => client.comment.findUnique({ where: { id: 98 } }),
  'post 42': (client) => client.post.findUnique({ where: { id: 42 } }),
  'post 43': (client) => client.post.findUnique({ where: { id: 43 } }),
  'a list of posts': (client) => client.post.findMany({ orderBy: { id: 'asc' } }),
  'post 42 with its comments': (client) =>
    client.post.findUnique({ where: { id: 42 }, include: { comments: true } }),
  'post 43 with its comments': (client) =>
    client.post.findUnique({ where: { id: 43 }, include: { comments: true } }),
  'post 44 with its comments': (client) =>
    client.post.findUnique({ where: { id: 44 }, include: { comments: true } }),
  'comments of post 42': (client) => client.comment.findMany({ where: { postId: 42 } }),
  'comments of post 43': (client) => client.comment.findMany({ where: { postId: 43 } }),
  'comments of post 44': (client) => client.comment.findMany({ where: { postId: 44 } }),
  'how many comments post 43 has': (client) =>
    client.post.findUnique({
      where: { id: 43 },
      select: { _count: { select: { comments: true } } },
    }),
};

const SURVIVE = [
  'comment 98',
  'post 42',
  'post 43',
  'a list of posts',
  'post 44 with its comments',
  'comments of post 44',
];

const names = ({ affected }: Pick<InvalidationResult, 'affected'>): readonly string[] =>
  affected.map(({ name }) => name);

/** A row moves from one parent to another. */
export function foreignKeys({ name, open }: Harness): void {
  describe(`${name}: a foreign key that changes`, () => {
    test('invalidates the row and what both parents show of it, and nothing that shows only the parents', async () => {
      const opened = await open();
      const survivors = await survivorsOf(opened, READS, (client) => client.comment.update(MOVE));
      expect(survivors).toEqual(SURVIVE);
    });

    test.each<[string, (client: Client) => Promise<unknown>]>([
      [
        'by connect',
        (client) =>
          client.comment.update({ where: { id: 99 }, data: { post: { connect: { id: 43 } } } }),
      ],
      [
        'by the new parent',
        (client) =>
          client.post.update({ where: { id: 43 }, data: { comments: { connect: { id: 99 } } } }),
      ],
      [
        'by updateMany',
        (client) => client.comment.updateMany({ where: { id: 99 }, data: { postId: 43 } }),
      ],
    ])('%s leaves alone what shows only the parents', async (_, move) => {
      const survivors = await survivorsOf(await open(), READS, move);
      expect(SURVIVE).toEqual(expect.arrayContaining([...survivors]));
      expect(survivors).toEqual(expect.arrayContaining(['post 42', 'post 43', 'a list of posts']));
    });

    test('onInvalidate names the row and both parents', async () => {
      const { cached } = await open();
      const told: [string, InvalidationResult][] = [];
      const prisma = cached({
        accountTier: 'pro',
        onInvalidate: (model, result) => told.push([model, result]),
      });
      await prisma.comment.update(MOVE);
      expect(told).toHaveLength(1);
      const [model, result] = told[0] ?? ['', { affected: [] }];
      expect(model).toBe('Comment');
      expect(result.affected).toEqual([
        { name: 'Comment:99', model: 'Comment', where: { id: 99 } },
        { name: 'Post:42', model: 'Post', where: { id: 42 }, through: 'comments' },
        { name: 'Post:43', model: 'Post', where: { id: 43 }, through: 'comments' },
      ]);
    });

    test('$explain names the row and both parents, and changes nothing', async () => {
      const { cached, plain } = await open();
      const prisma = cached({ accountTier: 'pro' });
      const explained = await prisma.$explain({ model: 'Comment', action: 'update', args: MOVE });
      expect(explained.kind).toBe('write');
      expect(names({ affected: explained.affected ?? [] })).toEqual([
        'Comment:99',
        'Post:42',
        'Post:43',
      ]);
      expect(await plain.comment.findUnique({ where: { id: 99 } })).toMatchObject({ postId: 42 });
    });

    test('the free tier says which models, and not which rows', async () => {
      const { cached } = await open();
      const told: InvalidationResult[] = [];
      const prisma = cached({ onInvalidate: (_, result) => told.push(result) });
      await prisma.comment.update(MOVE);
      expect(told.map(names)).toEqual([['Comment']]);
      const explained = await prisma.$explain({ model: 'Comment', action: 'update', args: MOVE });
      expect(explained.affected).toEqual([{ name: 'Comment', model: 'Comment' }]);
    });

    test('links of a many-to-many relation name the rows on both sides', async () => {
      const { cached } = await open();
      const told: InvalidationResult[] = [];
      const prisma = cached({ accountTier: 'pro', onInvalidate: (_, result) => told.push(result) });
      await prisma.post.update({ where: { id: 43 }, data: { tags: { connect: { id: 7 } } } });
      expect(told[0]?.affected).toEqual(
        expect.arrayContaining([
          { name: 'Post:43', model: 'Post', where: { id: 43 }, through: 'tags' },
          { name: 'Tag:7', model: 'Tag', where: { id: 7 }, through: 'posts' },
        ]),
      );
    });
  });
}
