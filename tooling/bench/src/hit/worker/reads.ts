import type { Client } from './clients.ts';

export type ReadName = 'point' | 'list';

/** What is measured: a row by its key, and the front page with what it shows of other tables. */
export const READS: Readonly<Record<ReadName, (client: Client, id: number) => Promise<unknown>>> = {
  point: async (client, id) => client.story.findUnique({ where: { id } }),
  list: async (client) =>
    client.story.findMany({
      orderBy: { hotness: 'desc' },
      take: 25,
      include: {
        author: { select: { username: true } },
        taggings: { include: { tag: true } },
      },
    }),
};
