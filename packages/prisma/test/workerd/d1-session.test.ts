import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createCacheExtension, createD1Session } from '../../src/index.js';
import { PrismaClient } from '../generated/workerd/client/client.js';
import { cached, ONE, prepared, uncached, type Cached } from './replicas.js';
import { cacheConfig, kvAdapter, openWorker } from './support.js';

const { DB } = env as unknown as { DB: D1Database };

describe('Lagging replicas fill: identity_cache PR#193', () => {
  test('a session of D1 by itself lets them: everyone is given what a write has made wrong', async () => {
    const { d1, version, client, rename } = await prepared();
    await rename('new');
    const unguarded = new PrismaClient({
      adapter: new PrismaD1(d1.withSession('first-unconstrained') as unknown as D1Database),
    }).$extends(
      createCacheExtension({
        adapter: kvAdapter(),
        config: cacheConfig,
        version,
        accountTier: 'pro',
      }),
    );
    expect(await cached(unguarded)).toBe('old');
    expect(await cached(client())).toBe('old');
  });

  test('createD1Session fills from the primary', async () => {
    const { double, client, rename } = await prepared();
    await rename('new');
    double.answered.length = 0;
    expect(await cached(client())).toBe('new');
    expect(double.answered).toEqual(['primary']);
  });

  test('a fill that runs beside a read of a replica asks the primary too', async () => {
    const { double, client, rename } = await prepared();
    await rename('new');
    const prisma = client();
    await Promise.all([uncached(prisma), cached(prisma), uncached(prisma)]);
    expect(await cached(client())).toBe('new');
    double.answered.length = 0;
    expect(await uncached(client())).toBe('old');
    expect(double.answered).toEqual(['replica']);
  });

  test('a write of the plain client beside a read of a replica is not answered by one', async () => {
    const { d1, version, rename } = await prepared();
    await rename('new');
    const db = createD1Session(d1);
    const plain = new PrismaClient({ adapter: new PrismaD1(db) });
    const options = { adapter: kvAdapter(), config: cacheConfig, version, session: { d1: db } };
    const prisma = plain.$extends(createCacheExtension(options));
    await Promise.all([
      uncached(prisma),
      plain.tag.update({ where: { label: 'new' }, data: { label: 'newer' } }),
      uncached(prisma),
    ]);
    expect(await uncached(prisma)).toBe('newer');
  });

  test('two clients on one session have the primary answer them', async () => {
    const { double, d1, version, rename } = await prepared();
    await rename('new');
    const db = createD1Session(d1);
    const options = { adapter: kvAdapter(), config: cacheConfig, version };
    const base = new PrismaClient({ adapter: new PrismaD1(db) });
    const extended = [{ ...options, session: { d1: db } }, options].map((own) =>
      base.$extends(createCacheExtension(own)),
    ) as unknown as [Cached, Cached];
    double.answered.length = 0;
    await Promise.all([uncached(extended[0]), cached(extended[1]), uncached(extended[0])]);
    expect(double.answered).not.toContain('replica');
  });

  test('PrismaD1 with a session that the extension was not given asks the primary', async () => {
    const { double, d1, version, rename } = await prepared();
    await rename('new');
    const prisma = new PrismaClient({ adapter: new PrismaD1(createD1Session(d1)) }).$extends(
      createCacheExtension({ adapter: kvAdapter(), config: cacheConfig, version }),
    );
    double.answered.length = 0;
    expect([await uncached(prisma), await cached(prisma)]).toEqual(['new', 'new']);
    expect(double.answered).not.toContain('replica');
  });
});

describe('a session on D1 with replicas', () => {
  test('reads its own writes, here and with its ticket', async () => {
    const { client, rename } = await prepared();
    await rename('of somebody else');
    expect(await uncached(client())).toBe('old');
    const writer = client();
    await writer.tag.update({ ...ONE, data: { label: 'own' } });
    expect(await uncached(writer)).toBe('own');
    const ticket = writer.$session.ticket();
    expect(ticket).toMatch(/d1\.[0-9a-f-]{59}$/);
    expect(await uncached(client(ticket))).toBe('own');
  });

  test('does not go back behind what the cache has shown, nor does who continues it', async () => {
    const { client, rename } = await prepared();
    await rename('new');
    await cached(client());
    const reader = client();
    expect(await cached(reader)).toBe('new');
    const ticket = reader.$session.ticket();
    expect(ticket.split('~')).toContain('d1.p');
    expect(await uncached(client(ticket))).toBe('new');
    expect(await uncached(reader)).toBe('new');
    expect(reader.$session.ticket()).toMatch(/d1\.[0-9a-f-]{59}$/);
  });

  test('does not go back behind what a replica has shown', async () => {
    const { double, client, rename } = await prepared();
    await rename('seen');
    await double.catchUp();
    const reader = client();
    expect(await uncached(reader)).toBe('seen');
    double.nearest = 0;
    expect(await uncached(client())).toBe('old');
    expect(await uncached(client(reader.$session.ticket()))).toBe('seen');
  });

  test.each([
    'd1.',
    'd1.garbage',
    'd1.zzzzzzzz-zzzz',
    `d1.${'f'.repeat(500)}`,
    'k1.abc',
    'd1.p~d1.x',
  ])('a ticket that is damaged or forged makes its bearer ask the primary: %s', async (ticket) => {
    const { client, rename } = await prepared();
    await rename('new');
    const prisma = client(ticket);
    expect(await uncached(prisma)).toBe('new');
    expect(prisma.$session.ticket()).toMatch(/d1\.[0-9a-f-]{59}$/);
  });

  test('strong reads, and models that are, ask the primary', async () => {
    const { d1, version, rename } = await prepared();
    await rename('new');
    const db = createD1Session(d1);
    const options = { adapter: kvAdapter(), config: cacheConfig, version, session: { d1: db } };
    const prisma = new PrismaClient({ adapter: new PrismaD1(db) }).$extends(
      createCacheExtension({ ...options, enabled: false, consistency: 'strong' }),
    );
    expect((await prisma.tag.findUnique(ONE))?.label).toBe('new');
  });

  test('refuses what is no binding, and a session that it did not make', async () => {
    expect(() => createD1Session(JSON.parse('{}') as D1Database)).toThrow(
      'createD1Session was given no D1 binding',
    );
    const { client } = await prepared();
    expect(client).toBeDefined();
    const options = {
      adapter: kvAdapter(),
      config: cacheConfig,
      version: 'x',
      session: { d1: DB },
    };
    const prisma = new PrismaClient({ adapter: new PrismaD1(DB) });
    expect(() => prisma.$extends(createCacheExtension(options))).toThrow('session.d1 was not made');
  });

  test('over the real binding, batches and scripts included', async () => {
    await openWorker();
    const db = createD1Session(DB);
    await db.exec('CREATE TABLE IF NOT EXISTS lanes (id INTEGER)');
    const [, count] = await db.batch<{ n: number }>([
      db.prepare('INSERT INTO lanes VALUES (?)').bind(1),
      db.prepare('SELECT count(*) AS n FROM lanes'),
    ]);
    expect(count?.results[0]?.n).toBe(1);
    expect(await db.prepare('SELECT id FROM lanes').first('id')).toBe(1);
    expect((await db.prepare('SELECT id FROM lanes').all()).results).toEqual([{ id: 1 }]);
    await expect(db.batch([DB.prepare('SELECT 1')])).rejects.toThrow('another object prepared');
  });
});
