import type { CacheAdapter } from '@boost/core';
import { expect } from 'vitest';
import type { CacheExtensionOptions, InvalidationResult } from '../../src/index.js';
import type { Prisma, PrismaClient } from '../generated/page/client/client.js';

/** A client of the documentation's schema, with the methods of the cache. */
export type Client = PrismaClient & {
  $cleanup(): Promise<void>;
  $invalidateCache(target?: unknown): Promise<InvalidationResult>;
  $explain(operation: object): Promise<{
    readonly kind: string;
    readonly scopes: readonly { readonly scope: string }[];
    readonly affected?: InvalidationResult['affected'];
  }>;
};

/** A database with rows and a store that is empty, as one isolate sees them. */
export interface Opened {
  /** Past the cache. */
  readonly plain: PrismaClient;
  /** Statements that reached the database through cached clients since the last call. */
  sent(): number;
  /** A new client with a session of its own, all over one store. */
  cached(own?: Partial<CacheExtensionOptions>): Client;
  /** The store of all clients. */
  readonly adapter: CacheAdapter;
  /** How many entries there are, by the model that they are about. */
  entries(): Promise<Readonly<Record<string, number>>>;
}

export interface Harness {
  readonly name: string;
  /** Of an authority of this kind at `pro`. */
  readonly granularity: 'row' | 'field';
  open(): Promise<Opened>;
}

export type Read = (client: PrismaClient) => Promise<unknown>;
export type Reads = Readonly<Record<string, Read>>;

/**
 * Which of the reads are still answered from the cache after a write of another client. They are cached before it, and whatever they
 * are answered from afterwards, it is what the database would say.
 */
export async function survivorsOf(
  { plain, sent, cached }: Opened,
  reads: Reads,
  write: (client: Client) => Promise<unknown>,
  own: Partial<CacheExtensionOptions> = { accountTier: 'pro' },
): Promise<readonly string[]> {
  const reader = cached(own);
  const writer = cached(own);
  await warm(reader, sent, reads);
  await write(writer);
  await writer.$cleanup();
  const survivors: string[] = [];
  for (const [name, read] of Object.entries(reads)) {
    sent();
    const answer = await read(reader);
    if (sent() === 0) survivors.push(name);
    expect(answer, name).toStrictEqual(await read(plain));
  }
  await reader.$cleanup();
  return survivors;
}

/** Reads until the cache answers. */
export async function warm(client: Client, sent: () => number, reads: Reads): Promise<void> {
  for (const read of Object.values(reads)) await read(client);
  await client.$cleanup();
  sent();
  for (const [name, read] of Object.entries(reads)) {
    await read(client);
    expect(sent(), `${name} is cached`).toBe(0);
  }
}

/** The store with some of its methods replaced. */
export function changed(adapter: CacheAdapter, own: Partial<CacheAdapter>): CacheAdapter {
  return {
    name: adapter.name,
    capabilities: adapter.capabilities,
    identity: adapter.identity ?? adapter,
    get: (...args) => adapter.get(...args),
    getMany: (...args) => adapter.getMany(...args),
    set: (...args) => adapter.set(...args),
    delete: (...args) => adapter.delete(...args),
    deleteMany: (...args) => adapter.deleteMany(...args),
    list: (...args) => adapter.list(...args),
    ...own,
  };
}

/** How many entries a store holds, by model: the last but one part of their keys. */
export async function countEntries(adapter: CacheAdapter): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { keys } = await adapter.list('b1:');
  for (const key of keys) {
    const [, , , model] = key.split(':');
    if (key.startsWith('b1:e:') || model === undefined) continue;
    counts[model] = (counts[model] ?? 0) + 1;
  }
  return counts;
}

/** Three posts of two authors, two of them with a comment; an order, a note and a tag. */
export async function seed(client: PrismaClient): Promise<void> {
  const users: Prisma.UserCreateManyInput[] = [
    { id: 1, email: 'ann@example.org', name: 'Ann', balance: 10 },
    { id: 2, email: 'bob@example.org', name: 'Bob' },
  ];
  await client.user.createMany({ data: users });
  await client.post.createMany({
    data: [
      { id: 42, title: 'Old parent', authorId: 1 },
      { id: 43, title: 'New parent', authorId: 1 },
      { id: 44, title: 'Another', authorId: 2 },
    ],
  });
  await client.comment.createMany({
    data: [
      { id: 98, content: 'stays', postId: 44 },
      { id: 99, content: 'moves', postId: 42 },
    ],
  });
  await client.order.create({ data: { id: 1, total: 5, userId: 1 } });
  await client.note.create({ data: { id: 1, text: 'note' } });
  await client.tag.create({ data: { id: 7, label: 'seven', posts: { connect: { id: 42 } } } });
}

/** An empty database again. */
export async function clear(client: PrismaClient): Promise<void> {
  for (const table of ['Comment', '_PostToTag', 'Post', 'Order', 'User', 'Tag', 'Note']) {
    await client.$executeRawUnsafe(`DELETE FROM "${table}"`);
  }
}
