import type { BoostError, InvalidationResult } from '@boost/core';
import { expect, expectTypeOf, test } from 'vitest';
import { createCacheExtension, type Explanation } from '../src/index.js';
import type { CacheExtensionOptions } from '../src/index.js';
import { PrismaClient, type Prisma } from './generated/sqlite/client/client.js';

// Nothing here runs: `tsc -p test` is what checks it. The one test is there so that the file counts as seen.
declare const options: CacheExtensionOptions;

function clients() {
  const base = new PrismaClient({ adapter: null as never });
  const plain = base.$extends({});
  const prisma = base.$extends(createCacheExtension(options));
  const later = prisma.$extends({
    result: {
      user: { shout: { needs: { name: true }, compute: ({ name }) => `${name ?? ''}!` } },
    },
  });
  const omitting = new PrismaClient({ adapter: null as never, omit: { user: { password: true } } });
  return { base, plain, prisma, later, omitting: omitting.$extends(createCacheExtension(options)) };
}

type Clients = ReturnType<typeof clients>;

test('the types are checked by the compiler', () => {
  expect(clients).toBeTypeOf('function');
});

export async function resultsKeepPrismasTypes({ plain, prisma }: Clients) {
  const where = { published: true };
  const posts = await prisma.post.findMany({ where, cacheStrategy: { ttl: 60, swr: 10 } });
  expectTypeOf(posts).toEqualTypeOf(await plain.post.findMany({ where }));

  const select = { title: true, author: { select: { email: true } } } as const;
  const one = await prisma.post.findUnique({ where: { id: 1 }, select, cacheStrategy: false });
  expectTypeOf(one).toEqualTypeOf<{ title: string; author: { email: string } } | null>();

  const orThrow = await prisma.post.findFirstOrThrow({
    include: { comments: { orderBy: { id: 'asc' }, select: { content: true } } },
    orderBy: [{ author: { email: 'desc' } }],
  });
  expectTypeOf(orThrow.comments).toEqualTypeOf<{ content: string }[]>();

  expectTypeOf(await prisma.user.findFirst({ omit: { password: true } })).toEqualTypeOf(
    await plain.user.findFirst({ omit: { password: true } }),
  );
  expectTypeOf(await prisma.post.count()).toEqualTypeOf<number>();
  expectTypeOf(await prisma.post.count({ select: { _all: true, title: true } })).toEqualTypeOf(
    await plain.post.count({ select: { _all: true, title: true } }),
  );
  const byAuthor = { by: ['authorId'], _sum: { viewCount: true } } satisfies Prisma.PostGroupByArgs;
  const [group] = await prisma.post.groupBy({
    by: ['authorId'],
    _sum: { viewCount: true },
    orderBy: { authorId: 'asc' },
    cacheStrategy: { tags: ['stats'] },
  });
  const [plainGroup] = await plain.post.groupBy(byAuthor);
  expectTypeOf(group?.authorId).toEqualTypeOf(plainGroup?.authorId);
  expectTypeOf(group?._sum.viewCount).toEqualTypeOf(plainGroup?._sum.viewCount);
  const sums = await prisma.post.aggregate({ _max: { viewCount: true } });
  expectTypeOf(sums._max.viewCount).toEqualTypeOf<number | null>();
}

export async function promisesStayPrismas({ plain, prisma }: Clients) {
  const elements = await prisma.$transaction([prisma.post.count(), prisma.tag.findMany()]);
  expectTypeOf(elements).toEqualTypeOf(
    await plain.$transaction([plain.post.count(), plain.tag.findMany()]),
  );
}

export async function fluentCallsAreTyped({ plain, prisma }: Clients) {
  const comments = await prisma.post.findUnique({ where: { id: 1 } }).comments({ take: 3 });
  expectTypeOf(comments).toEqualTypeOf(
    await plain.post.findUnique({ where: { id: 1 } }).comments({ take: 3 }),
  );
  const profile = await prisma.post
    .findUnique({ where: { id: 1 } })
    .author()
    .profile();
  expectTypeOf(profile).toEqualTypeOf(
    await plain.post
      .findUnique({ where: { id: 1 } })
      .author()
      .profile(),
  );
  const bio = await prisma.user
    .findUniqueOrThrow({ where: { id: 1 } })
    .profile({ select: { bio: true } });
  expectTypeOf(bio).toEqualTypeOf<{ bio: string } | null>();
}

export async function clientLevelOmitIsKnown({ omitting }: Clients) {
  const user = await omitting.user.findFirstOrThrow({ orderBy: { id: 'asc' } });
  expectTypeOf(user).not.toHaveProperty('password');
  const [post] = await omitting.post.findMany({ include: { author: true } });
  expectTypeOf(post?.author).not.toHaveProperty('password');
  const asked = await omitting.user.findFirstOrThrow({ omit: { password: false } });
  expectTypeOf(asked.password).toEqualTypeOf<string>();
}

export async function resultExtensionsAddedLaterAreKnown({ later }: Clients) {
  expectTypeOf((await later.user.findFirstOrThrow()).shout).toEqualTypeOf<string>();
  const [chosen] = await later.user.findMany({
    select: { shout: true, id: true },
    orderBy: { id: 'asc' },
  });
  expectTypeOf(chosen).toEqualTypeOf<{ shout: string; id: number } | undefined>();
}

export async function wrongArgumentsAreRefused({ prisma }: Clients) {
  // @ts-expect-error no such option
  await prisma.post.findMany({ cacheStrategy: { ttll: 60 } });
  // @ts-expect-error seconds are a number
  await prisma.post.findMany({ cacheStrategy: { ttl: '60' } });
  // @ts-expect-error a misspelt argument
  await prisma.post.findMany({ wher: { id: 1 } });
  // @ts-expect-error no such field
  await prisma.post.findMany({ where: { titel: 'x' } });
  // @ts-expect-error no such relation
  await prisma.post.findFirst({ include: { coments: true } });
  // @ts-expect-error writes have no strategy
  await prisma.post.delete({ where: { id: 1 }, cacheStrategy: false });
}

export async function clientMethodsKnowTheModels({ prisma }: Clients) {
  expectTypeOf(await prisma.$invalidateCache('Post')).toEqualTypeOf<InvalidationResult>();
  await prisma.$invalidateCache();
  await prisma.$invalidateCache({ tags: ['home'] });
  await prisma.$invalidateCache({ model: 'Post', where: { authorId: 7 } });
  // @ts-expect-error no such model
  await prisma.$invalidateCache('Pots');
  // @ts-expect-error a field of another model
  await prisma.$invalidateCache({ model: 'Post', where: { email: 'x' } });
  const explained = await prisma.$explain({
    model: 'Post',
    action: 'update',
    args: { where: { id: 1 }, data: { title: 'x' } },
  });
  expectTypeOf(explained).toEqualTypeOf<Explanation>();
  // @ts-expect-error the arguments of another operation
  await prisma.$explain({ model: 'Post', action: 'update', args: { where: { authorId: 7 } } });
  expectTypeOf(prisma.$session.ticket()).toEqualTypeOf<string>();
  await prisma.$transaction(async (tx) => {
    await tx.post.findMany({ cacheStrategy: false });
    await tx.$invalidateCache('Post');
  });
}

export function errorsHaveCodes(error: BoostError) {
  expectTypeOf(error.code).toExtend<string>();
}
