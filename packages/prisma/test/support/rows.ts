import type { PrismaClient } from '../generated/sqlite/client/client.js';
const TABLES = ['Like', 'Comment', '_PostToTag', 'Post', 'Profile', 'User', 'Tag', 'OrderItem'];

/** An empty database again. */
export async function clear(client: PrismaClient): Promise<void> {
  for (const table of TABLES) await client.$executeRawUnsafe(`DELETE FROM "${table}"`);
  await client.$executeRawUnsafe('DELETE FROM sqlite_sequence');
}

/** Two authors with posts, comments, likes and tags. */
export async function seed(client: PrismaClient): Promise<void> {
  for (const [id, name] of ['ann', 'bob'].entries()) {
    await client.user.create({
      data: {
        id: id + 1,
        email: `${name}@example.org`,
        name,
        balance: '10.50',
        visits: 2n ** 40n,
        joinedAt: new Date('2024-05-06T07:08:09.010Z'),
        settings: { theme: 'dark', nested: [1, null, { deep: true }] },
        avatar: new Uint8Array([0, 1, 254, 255]),
        profile: { create: { id: id + 1, bio: `I am ${name}` } },
        posts: {
          create: [1, 2].map((number) => ({
            id: id * 10 + number,
            title: `${name} ${String(number)}`,
            published: number === 1,
            comments: {
              create: [
                { id: id * 10 + number, content: 'First', authorId: 1, likes: { create: {} } },
              ],
            },
            tags: {
              connectOrCreate: {
                where: { id: number },
                create: { id: number, label: `tag${String(number)}` },
              },
            },
          })),
        },
      },
    });
  }
  await client.user.update({ where: { id: 2 }, data: { managerId: 1 } });
  await client.orderItem.createMany({
    data: [
      { orderId: 1, sku: 'a', quantity: 1 },
      { orderId: 1, sku: 'b', quantity: 2 },
    ],
  });
}
