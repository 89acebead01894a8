import { expect, test } from 'vitest';
import { cached, openSqlite, seed } from './support/sqlite.js';
import { memoryStore } from './support/store.js';

/** What `docs/operations.md` has an operator do when the database was set back under the cache. */

async function restored() {
  const { base, plain } = await openSqlite();
  await seed(plain);
  const adapter = memoryStore();
  const titleBefore = (await plain.post.findUniqueOrThrow({ where: { id: 1 } })).title;
  const tenants = ['a', 'b', null].map((tenantId) => () => ({ tenantId }));
  const deployed = (own: Parameters<typeof cached>[1]) =>
    tenants.map((getPrivateContext) => cached(base, { adapter, getPrivateContext, ...own }));
  const titles = async (clients: ReturnType<typeof deployed>): Promise<ReadonlySet<string>> => {
    const found = new Set<string>();
    for (const client of clients) {
      found.add((await client.post.findUniqueOrThrow({ where: { id: 1 } })).title);
      await client.$cleanup();
    }
    return found;
  };
  const before = deployed({ version: 'v1' });
  await before[2]?.post.update({ where: { id: 1 }, data: { title: 'later' } });
  expect(await titles(before)).toEqual(new Set(['later']));
  await plain.post.update({ where: { id: 1 }, data: { title: titleBefore } });
  return { before, deployed, titles, titleBefore };
}

test('entries from before the restore are served, unless someone does something', async () => {
  const { before, titles } = await restored();
  expect(await titles(before)).toEqual(new Set(['later']));
});

test('with enabled: false the database answers, and with another version it does from then on', async () => {
  const { deployed, titles, titleBefore } = await restored();
  expect(await titles(deployed({ version: 'v1', enabled: false }))).toEqual(new Set([titleBefore]));
  expect(await titles(deployed({ version: 'after-restore-1' }))).toEqual(new Set([titleBefore]));
});

test('$invalidateCache() without tenant reaches every tenant', async () => {
  const { before, titles, titleBefore } = await restored();
  await before[2]?.$invalidateCache();
  expect(await titles(before)).toEqual(new Set([titleBefore]));
});
