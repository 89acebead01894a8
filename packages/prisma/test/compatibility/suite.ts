import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCacheExtension, type CacheExtensionOptions } from '../../src/index.js';
import { findDecimal } from '../../src/internal/decimal.js';
import {
  inspectClient,
  isTransactionless,
  readCall,
  STATES,
  transactionOf,
  type CallInternals,
  type ExtensionState,
  type PrismaClientLike,
  type QueryCallbackParams,
} from '../../src/internal/prisma-internals.js';
import type { PrismaClient } from '../generated/sqlite/client/client.js';
import { countQueries } from '../support/counted.js';
import { seed } from '../support/sqlite.js';
import { memoryStore } from '../support/store.js';

export interface Harness {
  /** Version and generator. */
  readonly name: string;
  readonly config: CacheExtensionOptions['config'];
  /** `Prisma.Decimal` of the generated module. */
  readonly Decimal: unknown;
  /** Prisma 7.2 and later nest transactions. */
  readonly nestsTransactions: boolean;
  /** A client of a new database, typed as that of Prisma 7, whose operations are the same. */
  open(options: object): Promise<{ readonly client: PrismaClient; close(): Promise<void> }>;
}

/** Holds a version of Prisma to what is read of its private parameters, and to what a user sees of that. */
export function compatibility({ name, config, Decimal, nestsTransactions, open }: Harness): void {
  let client: PrismaClient;
  let close: () => Promise<void>;
  let sent: () => number;

  beforeEach(async () => {
    const log = [{ emit: 'event', level: 'query' }];
    ({ client, close } = await open({ log, omit: { user: { password: true } } }));
    await seed(client);
    ({ sent } = countQueries(client));
  });
  afterEach(() => close());

  const cached = (own: Partial<CacheExtensionOptions> = {}) =>
    client.$extends(
      createCacheExtension({ adapter: memoryStore(), config, version: 'v1', ...own }),
    );

  describe(`${name}: private parameters`, () => {
    /** A client that hands what it reads of its calls to `seen`. */
    function spied(seen: CallInternals[]) {
      // Hooks the original client, as every client with the extension does.
      cached();
      const callback = function (this: unknown, params: QueryCallbackParams): Promise<unknown> {
        seen.push(readCall(this, callback, params));
        return params.query(params.args);
      };
      return client.$extends({ query: { $allOperations: callback as never } });
    }

    test('a client has everything that is read of it', () => {
      expect(inspectClient(client)).toBe(client);
      expect(isTransactionless(inspectClient(client))).toBe(false);
      expect(inspectClient(client)._originalClient._globalOmit).toEqual({
        user: { password: true },
      });
    });

    test('the kind and id of a transaction', async () => {
      const seen: CallInternals[] = [];
      const prisma = spied(seen);
      await prisma.tag.count();
      await prisma.$transaction([prisma.tag.count(), prisma.$executeRaw`DELETE FROM "Tag"`]);
      await prisma.$transaction(async (tx) => {
        const id = (await transactionOf(tx as unknown as PrismaClientLike))?.id;
        await tx.tag.findMany();
        expect(seen.at(-1)?.transaction).toMatchObject({ kind: 'itx', id });
      });
      expect(seen.map(({ transaction }) => transaction?.kind)).toEqual([
        undefined,
        'batch',
        'batch',
        'itx',
      ]);
      expect(await transactionOf(prisma as unknown as PrismaClientLike)).toBeUndefined();
    });

    test('the path of a fluent call', async () => {
      const seen: CallInternals[] = [];
      const prisma = spied(seen);
      await prisma.post.findUnique({ where: { id: 1 } });
      await prisma.post
        .findUnique({ where: { id: 1 } })
        .author()
        .profile();
      expect(seen.map(({ path }) => path)).toEqual([[], ['author', 'profile']]);
    });

    test('how many query extensions run inside', async () => {
      const seen: CallInternals[] = [];
      const pass = ({
        args,
        query,
      }: {
        args: unknown;
        query: (args: unknown) => Promise<unknown>;
      }) => query(args);
      const prisma = spied(seen)
        .$extends({ query: { tag: { findMany: pass } } })
        .$extends({ query: { $allModels: { $allOperations: pass } } })
        .$extends({ client: { $nothing: () => undefined } });
      await prisma.tag.findMany();
      await prisma.tag.count();
      await prisma.$queryRaw`SELECT 1`;
      expect(seen.map(({ innerExtensions }) => innerExtensions)).toEqual([2, 1, 0]);
    });

    test('computed fields of result extensions before and after, with what they need', async () => {
      const seen: CallInternals[] = [];
      const shout = { needs: { name: true }, compute: () => '' } as const;
      const loud = { needs: { shout: true, email: true }, compute: () => '' } as const;
      const prisma = spied(seen).$extends({ result: { user: { shout } } });
      await prisma.$extends({ result: { user: { loud: loud as never } } }).user.count();
      const computed = seen[0]?.computedFields('User') ?? {};
      expect(Object.keys(computed)).toEqual(['shout', 'loud']);
      expect(computed['loud']?.needs).toEqual(['name', 'email']);
      expect(seen[0]?.computedFields('Post')).toBeUndefined();
    });

    test('what the extension captured when the operation was made', async () => {
      let now = 'made';
      const state: ExtensionState = { store: {}, captureContext: () => now };
      const seen: CallInternals[] = [];
      const stated = spied(seen).$extends({ client: { [STATES]: [state] } as never });
      const prisma = stated as unknown as PrismaClient;
      const made = [prisma.tag.findMany(), prisma.$queryRaw`SELECT 1`];
      now = 'awaited';
      for (const operation of made) await operation;
      expect(seen.map((call) => call.captured(state)?.value)).toEqual(['made', 'made']);
    });

    test('another question in the same transaction, and another action of the same model', async () => {
      let ask: CallInternals | undefined;
      cached();
      const callback = async function (this: unknown, params: QueryCallbackParams) {
        ask = readCall(this, callback, params);
        const rows = await ask.queryOther('Tag', 'createManyAndReturn', {
          data: [{ label: 'asked' }],
          select: { label: true },
        });
        const read = await ask.queryOther('User', 'findMany', {
          where: { id: 1 },
          select: { email: true },
        });
        return [rows, read, await ask.query(params.args)];
      };
      const prisma = client.$extends({ query: { tag: { createMany: callback as never } } });
      const outside = client.tag.count({ where: { label: 'asked' } });
      const transaction = prisma.$transaction(async (tx) => {
        const answers: unknown = await tx.tag.createMany({ data: [{ label: 'own' }] });
        expect(answers).toEqual([
          [{ label: 'asked' }],
          [{ email: 'ann@example.org' }],
          { count: 1 },
        ]);
        throw new Error('rolled back');
      });
      await expect(transaction).rejects.toThrow('rolled back');
      expect(await outside).toBe(0);
    });

    test("the client's own Decimal", async () => {
      expect(await findDecimal(inspectClient(client))).toBe(Decimal);
      expect(sent()).toBe(0);
    });
  });

  describe(`${name}: what a user sees`, () => {
    test('hits, and their types', async () => {
      const prisma = cached();
      const read = () =>
        prisma.user.findUniqueOrThrow({ where: { id: 1 }, include: { posts: true } });
      const miss = await read();
      await prisma.$cleanup();
      sent();
      const hit = await read();
      expect(sent()).toBe(0);
      expect(hit).toStrictEqual(miss);
      expect(hit.balance).toBeInstanceOf(Decimal as new () => unknown);
      expect(hit).not.toHaveProperty('password');
      expect(await prisma.post.findUnique({ where: { id: 1 } }).comments()).toHaveLength(1);
    });

    test.each(['free', 'pro'] as const)('writes invalidate (%s)', async (accountTier) => {
      const prisma = cached({ accountTier });
      const reads = (from: PrismaClient) =>
        Promise.all([
          from.user.findMany({ include: { posts: { include: { comments: true, tags: true } } } }),
          from.tag.findMany({ include: { _count: true } }),
          from.comment.count(),
        ]);
      const writes: (() => PromiseLike<unknown>)[] = [
        () => prisma.post.update({ where: { id: 1 }, data: { title: 'new', authorId: 2 } }),
        () => prisma.comment.createMany({ data: [{ content: 'x', postId: 1 }] }),
        () => prisma.tag.update({ where: { id: 1 }, data: { posts: { set: [] } } }),
        () => prisma.comment.updateMany({ where: { postId: 1 }, data: { postId: 11 } }),
        () =>
          prisma.user.upsert({ where: { id: 1 }, create: { email: 'x' }, update: { name: 'y' } }),
        () => prisma.post.deleteMany({ where: { id: 2 } }),
        () => prisma.$executeRaw`UPDATE "Tag" SET "label" = 'raw' WHERE "id" = 2`,
        () => prisma.user.delete({ where: { id: 2 } }),
        () => client.tag.create({ data: { label: 'past the cache' } }),
      ];
      for (const write of writes) {
        await reads(prisma as unknown as PrismaClient);
        await prisma.$cleanup();
        await write();
        expect(await reads(prisma as unknown as PrismaClient)).toStrictEqual(await reads(client));
      }
    });

    test('transactions: invalidated with the commit, kept with a rollback, whatever extends the client further', async () => {
      const prisma = cached({ accountTier: 'pro' });
      const further = prisma.$extends({ client: { $nothing: () => undefined } });
      const title = async () => (await prisma.post.findUniqueOrThrow({ where: { id: 1 } })).title;
      for (const each of [prisma, further]) {
        const before = await title();
        await prisma.$cleanup();
        const rollback = each.$transaction(async (tx) => {
          await tx.post.update({ where: { id: 1 }, data: { title: 'never' } });
          throw new Error('rolled back');
        });
        await expect(rollback).rejects.toThrow('rolled back');
        sent();
        expect(await title()).toBe(before);
        expect(sent()).toBe(0);
        await each.$transaction(async (tx) => {
          await tx.post.update({ where: { id: 1 }, data: { title: `${before}!` } });
          await tx.$invalidateCache('Tag');
        });
        expect(await title()).toBe(`${before}!`);
        const [row, count] = await each.$transaction([
          each.post.update({ where: { id: 1 }, data: { title: `${before}!!` } }),
          each.post.count(),
        ]);
        expect([row.title, count]).toEqual([`${before}!!`, 4]);
        expect(await title()).toBe(`${before}!!`);
      }
    });

    if (nestsTransactions) {
      test('nested transactions', async () => {
        const prisma = cached();
        await prisma.tag.findMany();
        await prisma.$cleanup();
        await prisma.$transaction(async (tx) => {
          const nested = tx as unknown as Pick<typeof prisma, '$transaction'>;
          await nested.$transaction(async (inner) =>
            inner.tag.create({ data: { label: 'inner' } }),
          );
        });
        expect((await prisma.tag.findMany()).map(({ label }) => label)).toContain('inner');
      });
    }
  });
}
