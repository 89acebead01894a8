import { describe, expect, test } from 'vitest';
import type { CacheExtensionOptions } from '../../src/index.js';
import { survivorsOf, warm, type Client, type Harness, type Reads } from './harness.js';

/** As the documentation has it. */
const TRACKED: Partial<CacheExtensionOptions> = {
  accountTier: 'pro',
  fieldTracking: {
    Post: {
      enabled: true,
      neverInvalidateOn: ['viewCount', 'lastViewedAt', 'impressions'],
      alwaysInvalidateOn: ['status', 'publishedAt', 'deletedAt'],
    },
    User: {
      enabled: true,
      neverInvalidateOn: ['lastLoginAt', 'loginCount'],
    },
    Note: { neverInvalidateOn: ['reads'] },
  },
};

const ONE = { id: 42 } as const;
const SHOWN = { id: true, title: true, content: true } as const;

/** Of post 42, by whether the fields that never invalidate are among what they show or use. */
const PLAIN: Reads = {
  'title and content': (client) => client.post.findUnique({ where: ONE, select: SHOWN }),
  'a list of titles': (client) =>
    client.post.findMany({ select: { title: true }, orderBy: { id: 'asc' } }),
  'the posts of an author': (client) =>
    client.user.findUnique({ where: { id: 1 }, select: { posts: { select: SHOWN } } }),
  'how many posts there are': (client) => client.post.count(),
};
const COUNTING: Reads = {
  'every field': (client) => client.post.findUnique({ where: ONE }),
  'the count alone': (client) =>
    client.post.findUnique({ where: ONE, select: { viewCount: true } }),
  'a filter by the count': (client) =>
    client.post.findMany({ where: { viewCount: { gt: 0 } }, select: { title: true } }),
  'a page in the order of the count': (client) =>
    client.post.findMany({ orderBy: { viewCount: 'desc' }, take: 1, select: { title: true } }),
  'a sum of the counts': (client) => client.post.aggregate({ _sum: { viewCount: true } }),
  'a filter through a relation': (client) =>
    client.user.findMany({
      where: { posts: { some: { viewCount: { gt: 0 } } } },
      select: { name: true },
    }),
};
const READS: Reads = { ...PLAIN, ...COUNTING };

const count = (client: Client): Promise<unknown> =>
  client.post.update({ where: ONE, data: { viewCount: { increment: 1 } } });

/** Which fields' updates count. */
export function fieldTracking({ name, granularity, open }: Harness): void {
  describe(`${name}: fieldTracking`, () => {
    test('viewCount is in neverInvalidateOn, cached fields do not include it: invalidation skipped', async () => {
      const survivors = await survivorsOf(await open(), READS, count, TRACKED);
      expect(survivors).toEqual(Object.keys(PLAIN));
    });

    test('what shows or uses such a field is never stale', async () => {
      const survivors = await survivorsOf(await open(), COUNTING, count, TRACKED);
      expect(survivors).toEqual([]);
    });

    test.each<[string, (client: Client) => Promise<unknown>]>([
      [
        'updateMany of an indexed one',
        (client) => client.post.updateMany({ data: { impressions: 9 } }),
      ],
      [
        'an update of two of them',
        (client) =>
          client.post.update({ where: ONE, data: { lastViewedAt: new Date(0), impressions: 1 } }),
      ],
      [
        'a nested write',
        (client) =>
          client.user.update({
            where: { id: 1 },
            data: { loginCount: 1, posts: { updateMany: { where: ONE, data: { viewCount: 5 } } } },
          }),
      ],
    ])('%s leaves other reads alone as well', async (_, write) => {
      const survivors = await survivorsOf(await open(), PLAIN, write, TRACKED);
      expect(survivors).toEqual(expect.arrayContaining(['title and content', 'a list of titles']));
    });

    test('status is in alwaysInvalidateOn: invalidation triggered regardless of cached fields', async () => {
      const archive = (client: Client): Promise<unknown> =>
        client.post.update({ where: ONE, data: { status: 'archived' } });
      const survivors = await survivorsOf(await open(), READS, archive, TRACKED);
      expect(survivors).toEqual([]);
    });

    test('a field that is in neither invalidates what shows it', async () => {
      const reads: Reads = {
        ...PLAIN,
        'the count alone': (client) =>
          client.post.findUnique({ where: ONE, select: { viewCount: true } }),
      };
      const retitle = (client: Client): Promise<unknown> =>
        client.post.update({ where: ONE, data: { title: 'New' } });
      const survivors = await survivorsOf(await open(), reads, retitle, TRACKED);
      expect(survivors).not.toContain('title and content');
      expect(survivors).not.toContain('a list of titles');
      expect(survivors).not.toContain('the posts of an author');
      // What a row depends on beside its fields is told apart in groups, or field by field.
      expect(survivors).toContain('how many posts there are');
      expect(survivors).toContain('the count alone');
    });

    test('enabled: false takes every update of a row for one of all its fields', async () => {
      const off = { accountTier: 'pro', fieldTracking: { Post: { enabled: false } } } as const;
      expect(await survivorsOf(await open(), READS, count, off)).toEqual([]);
    });

    test('an @updatedAt field, which every update sets, does not undo it', async () => {
      const reads: Reads = {
        'the text': (client) =>
          client.note.findUnique({ where: { id: 1 }, select: { id: true, text: true } }),
        'when it was updated': (client) =>
          client.note.findUnique({ where: { id: 1 }, select: { updatedAt: true } }),
        'every field': (client) => client.note.findUnique({ where: { id: 1 } }),
      };
      const read = (client: Client): Promise<unknown> =>
        client.note.update({ where: { id: 1 }, data: { reads: { increment: 1 } } });
      expect(await survivorsOf(await open(), reads, read, TRACKED)).toEqual(['the text']);
    });

    test('without it, fields are told apart where the authority can', async () => {
      const survivors = await survivorsOf(await open(), PLAIN, count);
      const counts = ['how many posts there are'];
      expect(survivors).toEqual(granularity === 'field' ? Object.keys(PLAIN) : counts);
    });

    test('what was cached before the option was given is not read under it', async () => {
      const { cached, plain, sent } = await open();
      await warm(cached({ accountTier: 'pro' }), sent, COUNTING);
      const later = cached(TRACKED);
      await count(cached(TRACKED));
      for (const [title, read] of Object.entries(COUNTING)) {
        expect(await read(later), title).toStrictEqual(await read(plain));
      }
    });

    test('on the free tier it says nothing: a write invalidates its model', async () => {
      const free = { ...TRACKED, accountTier: 'free' } as const;
      expect(await survivorsOf(await open(), READS, count, free)).toEqual([]);
    });
  });
}
