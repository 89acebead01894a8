import { skip } from '@prisma/client/runtime/client';
import { describe, expect, test } from 'vitest';
import { cacheConfig, openPostgres, seedPostgres, usePostgres } from './support/postgresql.js';
import { cached, type Opened } from './support/sqlite.js';

usePostgres();

/** The client on PostgreSQL has the preview feature `strictUndefinedChecks`: it refuses what is explicitly undefined. */
describe.each(['free', 'pro'] as const)('strictUndefinedChecks, %s', (accountTier) => {
  async function prepared() {
    const opened = await openPostgres();
    await seedPostgres(opened.plain);
    const prisma = cached(opened.base, { config: cacheConfig, accountTier });
    return { ...opened, prisma: prisma as unknown as Opened['plain'] & typeof prisma };
  }

  /** As a caller without types, or with other settings of the compiler, may write it. */
  interface Delegate {
    [operation: string]: (args: object) => Promise<unknown>;
  }
  const post = (client: object) => (client as { readonly post: Delegate }).post;
  type Operation = (delegate: Delegate) => Promise<unknown> | undefined;

  const refused = { name: 'PrismaClientValidationError' };

  test('an undefined argument is refused, also where the rest of the arguments is cached', async () => {
    const { plain, prisma } = await prepared();
    await prisma.post.findMany({ where: {} });
    await prisma.post.count();
    await prisma.post.findFirst({ where: { id: 1 }, include: { comments: true } });
    await prisma.$cleanup();
    const reads: Operation[] = [
      ({ findMany }) => findMany?.({ where: { id: undefined } }),
      ({ findMany }) => findMany?.({ where: { AND: [{ id: undefined }] } }),
      ({ count }) => count?.({ where: undefined }),
      ({ findFirst }) =>
        findFirst?.({ where: { id: 1 }, include: { comments: { where: undefined } } }),
    ];
    for (const read of reads) {
      await expect(read(post(plain))).rejects.toMatchObject(refused);
      await expect(read(post(prisma))).rejects.toMatchObject(refused);
    }
  });

  test('a write with an undefined argument is refused and invalidates nothing', async () => {
    const { plain, prisma, sent } = await prepared();
    await prisma.post.findMany();
    await prisma.$cleanup();
    const writes: Operation[] = [
      ({ update }) => update?.({ where: { id: 1 }, data: { title: undefined } }),
      ({ updateMany }) => updateMany?.({ where: { id: undefined }, data: { title: 'never' } }),
      ({ deleteMany }) => deleteMany?.({ where: undefined }),
      ({ create }) => create?.({ data: { title: 'never', authorId: 1, content: undefined } }),
    ];
    for (const write of writes) {
      await expect(write(post(plain))).rejects.toMatchObject(refused);
      await expect(write(post(prisma))).rejects.toMatchObject(refused);
    }
    expect(await plain.post.count()).toBe(4);
    sent();
    expect(await prisma.post.findMany()).toHaveLength(4);
    expect(sent()).toBe(0);
  });

  test('Prisma.skip and an undefined cacheStrategy are as if they were not there', async () => {
    const { prisma, sent } = await prepared();
    const all = await prisma.post.findMany({ where: {}, cacheStrategy: undefined } as object);
    await prisma.$cleanup();
    sent();
    expect(await prisma.post.findMany({ where: { id: skip } } as object)).toStrictEqual(all);
    expect(sent()).toBe(0);
  });
});
