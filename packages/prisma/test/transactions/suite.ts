import { describe, expect, test } from 'vitest';
import type { CacheExtensionOptions } from '../../src/index.js';
import { cached, type Opened } from '../support/sqlite.js';
import { memoryStore, sharedStore } from '../support/store.js';

export interface Harness {
  readonly name: string;
  readonly config: CacheExtensionOptions['config'];
  open(): Promise<Opened>;
  seed(client: Opened['plain']): Promise<void>;
  /** Makes the commit of the current transaction fail for a comment of a post that does not exist. */
  deferForeignKeys(tx: { $executeRawUnsafe(text: string): Promise<number> }): Promise<unknown>;
}

const ONE = { where: { id: 1 } } as const;
const failure = new Error('rolled back by the caller');

export function transactions({ name, config, open, seed, deferForeignKeys }: Harness): void {
  async function prepared() {
    const opened = await open();
    await seed(opened.plain);
    const adapter = memoryStore();
    const prisma = cached(opened.base, { config, adapter, accountTier: 'pro' });
    const title = async (client: Pick<typeof prisma, 'post'> = prisma) =>
      (await client.post.findUniqueOrThrow(ONE)).title;
    await title();
    await prisma.$cleanup();
    opened.sent();
    /** A client of another connection, with the same store. */
    const outside = cached(opened.plain, { config, adapter, accountTier: 'pro' });
    return { ...opened, adapter, prisma, outside, title };
  }

  /** A client that has never been extended, and one of another connection with the cache. */
  async function unextended() {
    const opened = await open();
    await seed(opened.plain);
    const adapter = sharedStore();
    const outside = cached(opened.plain, { config, adapter, accountTier: 'pro' });
    return { ...opened, adapter, outside };
  }

  describe(`${name}: interactive transactions`, () => {
    test('a read inside sees what was written inside, whatever is cached', async () => {
      const { prisma, title } = await prepared();
      await prisma.$transaction(async (tx) => {
        expect(await title(tx)).toBe('ann 1');
        await tx.post.update({ ...ONE, data: { title: 'inside' } });
        expect(await title(tx)).toBe('inside');
      });
      expect(await title()).toBe('inside');
    });

    test('uncommitted read stored: what was read inside is never stored', async () => {
      const { prisma, title, sent } = await prepared();
      const rollback = prisma.$transaction(async (tx) => {
        await tx.post.update({ ...ONE, data: { title: 'inside' } });
        await tx.post.findUnique(ONE);
        await tx.post.findMany();
        throw failure;
      });
      await expect(rollback).rejects.toBe(failure);
      await prisma.$cleanup();
      sent();
      expect(await title()).toBe('ann 1');
      expect(sent()).toBe(0);
      expect((await prisma.post.findMany()).map((post) => post.title)).not.toContain('inside');
      expect(sent()).toBeGreaterThan(0);
    });

    test('Invalidate before commit: django-cacheops#22. Readers outside get the committed row until the commit, and the new one after it', async () => {
      const { prisma, outside, title } = await prepared();
      const first = () => outside.post.findFirst({ where: { id: 1 } });
      await prisma.$transaction(async (tx) => {
        await tx.post.update({ ...ONE, data: { title: 'inside' } });
        expect(await title(outside)).toBe('ann 1');
        // Not cached before: asked for between the write and its commit.
        expect((await first())?.title).toBe('ann 1');
        await outside.$cleanup();
      });
      expect(await title()).toBe('inside');
      expect(await title(outside)).toBe('inside');
      expect((await first())?.title).toBe('inside');
    });

    test('No invalidation inside a transaction: drizzle-orm#4580. Every kind of write inside invalidates at the commit', async () => {
      const { prisma, plain } = await prepared();
      const reads = async (client: typeof plain) => [
        await client.post.findMany({ include: { comments: true, tags: true } }),
        await client.tag.count(),
        await client.user.findMany({ include: { posts: true } }),
      ];
      await reads(plainly(prisma));
      await prisma.$cleanup();
      await prisma.$transaction(async (tx) => {
        await tx.tag.create({ data: { label: 'new' } });
        await tx.post.updateMany({ data: { viewCount: 5 } });
        await tx.comment.deleteMany({ where: { postId: 1 } });
        await tx.user.update({
          where: { id: 1 },
          data: { posts: { create: { title: 'nested' } } },
        });
        await tx.$executeRaw`UPDATE "Post" SET "title" = 'raw' WHERE "id" = 2`;
      });
      expect(await reads(plainly(prisma))).toStrictEqual(await reads(plain));
    });

    test('a rollback drops the invalidations: nothing has changed, and hits go on', async () => {
      const { prisma, title, sent } = await prepared();
      const rollback = prisma.$transaction(async (tx) => {
        await tx.post.update({ ...ONE, data: { title: 'inside' } });
        await tx.post.deleteMany();
        throw failure;
      });
      await expect(rollback).rejects.toBe(failure);
      sent();
      expect(await title()).toBe('ann 1');
      expect(sent()).toBe(0);
    });

    test('$invalidateCache inside takes effect with the commit, and not with a rollback', async () => {
      const { prisma, database, title } = await prepared();
      await database.execute(`UPDATE "Post" SET "title" = 'by another writer' WHERE "id" = 1`);
      const rollback = prisma.$transaction(async (tx) => {
        await tx.$invalidateCache('Post');
        throw failure;
      });
      await expect(rollback).rejects.toBe(failure);
      expect(await title()).toBe('ann 1');
      await prisma.$transaction(async (tx) => {
        await tx.$invalidateCache('Post');
      });
      expect(await title()).toBe('by another writer');
    });

    test('a commit that fails is an unknown outcome: it invalidates', async () => {
      const { prisma, title, sent } = await prepared();
      const commit = prisma.$transaction(async (tx) => {
        await deferForeignKeys(tx);
        await tx.post.update({ ...ONE, data: { title: 'inside' } });
        await tx.comment.create({ data: { content: 'orphan', postId: 404 } });
      });
      await expect(commit).rejects.toThrow();
      sent();
      expect(await title()).toBe('ann 1');
      expect(sent()).toBeGreaterThan(0);
    });

    test('a transaction that runs out of time leaves nothing stale', async () => {
      const { prisma, plain, title } = await prepared();
      const late = prisma.$transaction(
        async (tx) => {
          await tx.post.update({ ...ONE, data: { title: 'inside' } });
          for (;;) {
            await tx.post.count();
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
        { timeout: 20 },
      );
      await expect(late).rejects.toMatchObject({ code: 'P2028' });
      expect(await title()).toBe((await plain.post.findUniqueOrThrow(ONE)).title);
    });

    test('a statement that fails, of a transaction that goes on and commits, leaves nothing stale', async () => {
      const { prisma, plain } = await prepared();
      const users = (client: typeof plain) => client.user.findMany({ orderBy: { id: 'asc' } });
      await users(plainly(prisma));
      await prisma.$cleanup();
      const transaction = prisma.$transaction(async (tx) => {
        const failing = tx.user.update({
          where: { id: 1 },
          data: { name: 'changed before it fails', profile: { create: { id: 2, bio: 'taken' } } },
        });
        await expect(failing).rejects.toMatchObject({
          code: expect.stringMatching(/^P20/) as string,
        });
      });
      await transaction.catch(() => undefined);
      expect(await users(plainly(prisma))).toStrictEqual(await users(plain));
    });

    test('a transaction that began before the extension was there: what it writes is undecided, for nobody sees its end', async () => {
      const { base, outside, adapter, sent } = await unextended();
      const title = async () => (await outside.post.findUniqueOrThrow(ONE)).title;
      await title();
      await outside.$cleanup();
      await base.$transaction(async (tx) => {
        cached(base, { config, adapter, accountTier: 'pro' });
        await tx.post.update({ ...ONE, data: { title: 'unseen' } });
        expect(await title()).toBe('ann 1');
        await outside.$cleanup();
      });
      expect(await title()).toBe('unseen');
      const prisma = cached(base, { config, adapter, accountTier: 'pro' });
      await prisma.tag.findMany();
      await prisma.$cleanup();
      sent();
      await prisma.tag.findMany();
      expect(sent()).toBe(0);
    });

    test('a write that is refused in such a transaction leaves nothing stale', async () => {
      const { base, plain, outside, adapter } = await unextended();
      const users = (client: typeof plain) => client.user.findMany({ orderBy: { id: 'asc' } });
      await users(plainly(outside));
      await outside.$cleanup();
      const transaction = base.$transaction(async (tx) => {
        cached(base, { config, adapter, accountTier: 'pro' });
        const failing = tx.user.update({
          where: { id: 1 },
          data: { name: 'changed before it fails', profile: { create: { id: 2, bio: 'taken' } } },
        });
        await expect(failing).rejects.toMatchObject({
          code: expect.stringMatching(/^P20/) as string,
        });
      });
      await transaction.catch(() => undefined);
      expect(await users(plainly(outside))).toStrictEqual(await users(plain));
    });

    test('an inner rollback of a nested transaction drops nothing', async () => {
      const { prisma, plain, outside, title } = await prepared();
      const labels = (client: typeof plain) => client.tag.findMany({ orderBy: { id: 'asc' } });
      await labels(plainly(prisma));
      await prisma.$cleanup();
      await prisma.$transaction(async (outer) => {
        await outer.post.update({ ...ONE, data: { title: 'outer' } });
        const inner = nested(outer).$transaction(async (tx) => {
          await tx.tag.create({ data: { label: 'inner' } });
          throw failure;
        });
        await expect(inner).rejects.toBe(failure);
        await nested(outer).$transaction(async (tx) => {
          await tx.tag.create({ data: { label: 'kept' } });
        });
        expect(await title(outside)).toBe('ann 1');
      });
      expect(await title()).toBe('outer');
      expect(await labels(plainly(prisma))).toStrictEqual(await labels(plain));
    });

    test('an outer rollback drops what an inner transaction committed', async () => {
      const { prisma, title, sent } = await prepared();
      const outer = prisma.$transaction(async (tx) => {
        await nested(tx).$transaction(async (inner) => {
          await inner.post.update({ ...ONE, data: { title: 'inner' } });
        });
        throw failure;
      });
      await expect(outer).rejects.toBe(failure);
      sent();
      expect(await title()).toBe('ann 1');
      expect(sent()).toBe(0);
    });
  });

  describe(`${name}: batch transactions`, () => {
    test('Hit inside a batch transaction hangs it: Asjas/prisma-redis-middleware#551. Every element reaches the database', async () => {
      const { prisma, sent } = await prepared();
      const [first, count] = await prisma.$transaction([
        prisma.post.findUnique(ONE),
        prisma.post.count(),
      ]);
      expect(first?.title).toBe('ann 1');
      expect(count).toBe(4);
      expect(sent()).toBeGreaterThanOrEqual(2);
    });

    test('an element with a cacheStrategy is stripped of it and not cached', async () => {
      const { prisma, sent } = await prepared();
      const read = () => prisma.tag.findMany({ cacheStrategy: { ttl: 60, tags: ['labels'] } });
      await prisma.$transaction([read()]);
      await prisma.$cleanup();
      sent();
      await read();
      expect(sent()).toBeGreaterThan(0);
    });

    test('writes of a batch invalidate when it has committed, and return what they return without the cache', async () => {
      const { prisma, plain, title } = await prepared();
      const all = (client: typeof plain) =>
        client.post.findMany({ include: { comments: true }, orderBy: { id: 'asc' } });
      await all(plainly(prisma));
      await prisma.$cleanup();
      const results = await prisma.$transaction([
        prisma.post.update({ ...ONE, data: { title: 'batch' }, select: { title: true } }),
        prisma.comment.createMany({ data: [{ content: 'x', postId: 1 }] }),
        prisma.comment.updateMany({ where: { postId: 2 }, data: { postId: 11 } }),
        prisma.comment.deleteMany({ where: { content: 'x' } }),
        prisma.$executeRaw`UPDATE "Post" SET "viewCount" = 3 WHERE "id" = 11`,
        prisma.post.findMany({ select: { viewCount: true }, where: { id: 11 } }),
      ]);
      expect(results).toStrictEqual([
        { title: 'batch' },
        { count: 1 },
        { count: 1 },
        { count: 1 },
        1,
        [{ viewCount: 3 }],
      ]);
      expect(await title()).toBe('batch');
      expect(await all(plainly(prisma))).toStrictEqual(await all(plain));
    });

    test('a batch that fails rejects with the error of the element that failed', async () => {
      const { prisma, plain } = await prepared();
      const labels = (client: typeof plain) => client.tag.findMany({ orderBy: { id: 'asc' } });
      await labels(plainly(prisma));
      await prisma.$cleanup();
      const batch = prisma.$transaction([
        prisma.tag.create({ data: { label: 'before' } }),
        prisma.tag.create({ data: { label: 'tag1' } }),
        prisma.tag.update({ where: { id: 1 }, data: { label: 'after' } }),
        prisma.tag.deleteMany(),
      ]);
      await expect(batch).rejects.toMatchObject({ code: 'P2002' });
      expect(await labels(plainly(prisma))).toStrictEqual(await labels(plain));
    });

    test('an element that Prisma refuses rejects the batch, and none is run', async () => {
      const { prisma, plain } = await prepared();
      const batch = prisma.$transaction([
        prisma.tag.create({ data: { label: 'first' } }),
        prisma.tag.create({ data: { lable: 'misspelt' } as never }),
      ]);
      await expect(batch).rejects.toMatchObject({ name: 'PrismaClientValidationError' });
      expect(await plain.tag.count({ where: { label: 'first' } })).toBe(0);
    });
  });

  describe(`${name}: clients that are extended further`, () => {
    test('$transaction lost after a further $extends: the commit is seen through every client', async () => {
      const { base, adapter, prisma, title } = await prepared();
      const seen: string[] = [];
      const log = {
        query: {
          $allOperations: ({ operation, args, query }: Logged) => {
            seen.push(operation);
            return query(args);
          },
        },
      };
      const after = prisma.$extends({ client: { $hello: () => 'hello' } });
      const renamed = after.$extends({
        result: {
          post: { shout: { needs: { title: true }, compute: (post) => `${post.title}!` } },
        },
      });
      const before = cached(base.$extends(log) as unknown as typeof base, {
        config,
        adapter,
        accountTier: 'pro',
      });
      let number = 0;
      for (const client of [after, renamed, before]) {
        number += 1;
        const written = `written ${String(number)}`;
        await title();
        await prisma.$cleanup();
        await client.$transaction(async (tx) => {
          await tx.post.update({ ...ONE, data: { title: written } });
        });
        expect(await title()).toBe(written);
        const rollback = client.$transaction(async (tx) => {
          await tx.post.update({ ...ONE, data: { title: 'rolled back' } });
          throw failure;
        });
        await expect(rollback).rejects.toBe(failure);
        expect(await title()).toBe(written);
      }
      expect(seen).toContain('update');
    });

    test("query extensions that are added later run in the transaction's own client", async () => {
      const { prisma } = await prepared();
      const seen: string[] = [];
      const logged = prisma.$extends({
        query: {
          post: {
            update: ({ args, query }) => {
              seen.push('update');
              return query(args);
            },
          },
        },
      });
      await logged.$transaction(async (tx) => {
        await tx.post.update({ ...ONE, data: { title: 'seen' } });
      });
      expect(seen).toEqual(['update']);
      expect((await prisma.post.findUniqueOrThrow(ONE)).title).toBe('seen');
    });

    test('a client whose $transaction was overridden by the user still commits before it invalidates', async () => {
      const { prisma, outside, title } = await prepared();
      const overridden = prisma.$extends((client) =>
        client.$extends({
          client: {
            $inTransaction: <R>(run: (tx: Pick<typeof prisma, 'post'>) => Promise<R>) =>
              prisma.$transaction((tx) => run(tx)),
          },
        }),
      );
      await overridden.$inTransaction(async (tx) => {
        await tx.post.update({ ...ONE, data: { title: 'overridden' } });
        expect(await title(outside)).toBe('ann 1');
      });
      expect(await title()).toBe('overridden');
    });

    test('two caches on one client each see the commit', async () => {
      const { base, title } = await prepared();
      const other = cached(base, { config });
      await other.post.findUniqueOrThrow(ONE);
      await other.$cleanup();
      const both = other.$extends({});
      await both.$transaction(async (tx) => {
        await tx.post.update({ ...ONE, data: { title: 'both' } });
      });
      expect((await other.post.findUniqueOrThrow(ONE)).title).toBe('both');
      expect(await title()).toBe('both');
    });
  });
}

interface Logged {
  readonly operation: string;
  readonly args: unknown;
  readonly query: (args: unknown) => Promise<unknown>;
}

interface Nested<Tx> {
  $transaction<R>(run: (tx: Tx) => Promise<R>): Promise<R>;
}

/** Prisma 7 nests transactions; its types leave `$transaction` out of the client inside. */
function nested<Tx>(tx: Tx): Nested<Tx> {
  return tx as unknown as Nested<Tx>;
}

/** Every client has the same operations. */
function plainly(client: object): Opened['plain'] {
  return client as Opened['plain'];
}
