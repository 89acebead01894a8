import { expect, test } from 'vitest';
import { cached, openSqlite, seed } from './support/sqlite.js';

test('smoke', async () => {
  const { base, sent, plain } = await openSqlite();
  await seed(plain);
  const errors: unknown[] = [];
  const events: unknown[] = [];
  const prisma = cached(base, {
    onError: (e, o) => errors.push([e, o]),
    onEvent: (e) => events.push(e),
  });
  const a = await prisma.user.findMany({ include: { posts: { include: { comments: true } } } });
  await prisma.$cleanup();
  console.log(sent());
  const b = await prisma.user.findMany({ include: { posts: { include: { comments: true } } } });
  console.log(sent(), errors, events);
  expect(b).toEqual(a);
  await prisma.comment.update({ where: { id: 1 }, data: { content: 'x' } });
  console.log(sent());
  const c = await prisma.user.findMany({ include: { posts: { include: { comments: true } } } });
  console.log(sent());
  expect(c).not.toEqual(a);
  console.log(
    await prisma.$explain({
      model: 'Post',
      action: 'findMany',
      args: { include: { comments: true } },
    }),
  );
});
