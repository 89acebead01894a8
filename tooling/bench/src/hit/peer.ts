import { readFile } from 'node:fs/promises';
import { createLibsqlDatabase } from '@boost-tooling/database';
import { createMemoryAdapter } from '@boost/core';
import { createCacheExtension } from '@boost/prisma';
import { PrismaExtensionRedis } from 'prisma-extension-redis';
import * as cacheConfig from '../../prisma/generated/cache/cacheConfig.js';
import { PrismaClient } from '../../prisma/generated/client/client.ts';
import { MemoryRedis } from '../workload/strategies/memory-redis.ts';

const STORIES = 100;
const TTL_SECONDS = 3_600;

type Read = () => Promise<unknown>;

export interface Peers {
  readonly ours: Readonly<Record<'point' | 'list', Read>>;
  readonly theirs: Readonly<Record<'point' | 'list', Read>>;
  close(): Promise<void>;
}

/** Reads of one database in Node that are hits in memory: ours, and those of prisma-extension-redis over a `Map`. */
export async function startPeers(): Promise<Peers> {
  const schema = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  const database = await createLibsqlDatabase(schema);
  const base = new PrismaClient({ adapter: database.adapter() });
  await fill(base);
  const clock = { now: () => Date.now() };
  const cached = base.$extends(
    createCacheExtension({
      adapter: createMemoryAdapter({ clock }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'pro',
      defaultTTL: TTL_SECONDS,
    }),
  );
  const client = new MemoryRedis(
    () => Date.now(),
    () => undefined,
  );
  const auto = { ttl: TTL_SECONDS, stale: 0 };
  const config = { ttl: TTL_SECONDS, stale: 0, type: 'STRING', auto } as const;
  const peer = base.$extends(PrismaExtensionRedis({ config, client }));
  const [ours, theirs] = [readsOf(cached), readsOf(peer)];
  for (const read of [...Object.values(ours), ...Object.values(theirs)]) await read();
  await cached.$cleanup();
  return {
    ours,
    theirs,
    async close() {
      await base.$disconnect();
      await database.drop();
    },
  };
}

/** What both clients have in common. */
interface Reader {
  readonly story: {
    findUnique(args: object): PromiseLike<unknown>;
    findMany(args: object): PromiseLike<unknown>;
  };
}

function readsOf({ story }: Reader): Record<'point' | 'list', Read> {
  return {
    point: async () => story.findUnique({ where: { id: 7 } }),
    list: async () =>
      story.findMany({
        orderBy: { hotness: 'desc' },
        take: 25,
        include: {
          author: { select: { username: true } },
          taggings: { include: { tag: true } },
        },
      }),
  };
}

async function fill(client: PrismaClient): Promise<void> {
  await client.user.create({ data: { id: 1, username: 'alice', about: 'Writes.' } });
  await client.tag.create({ data: { id: 1, name: 'programming' } });
  const ids = Array.from({ length: STORIES }, (_, index) => index + 1);
  await client.story.createMany({
    data: ids.map((id) => ({
      id,
      title: `A title of the usual length, number ${id}`,
      url: `https://example.com/stories/${id}`,
      hotness: id / 7,
      createdAt: new Date(0),
      authorId: 1,
    })),
  });
  await client.tagging.createMany({ data: ids.map((storyId) => ({ storyId, tagId: 1 })) });
}
