import { createMemoryAdapter, createTwoTierAdapter, type CacheAdapter } from '@boost/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isolateOver } from '../support/isolate.js';
import { systemClock } from '../support/store.js';
import { deploy, ONE, TIERS, type Harness } from './harness.js';

const START = new Date('2026-01-01T00:00:00.000Z');
const TTL_SECONDS = 300;
const titled = (title: string) => ({ ...ONE, data: { title } });

function nearStore(): CacheAdapter {
  return createMemoryAdapter({ clock: systemClock });
}

/** A data centre with a near store of its own. What is near lives as long as what is far, so that nothing but the rules ends it. */
function dataCentre(store: CacheAdapter, near: CacheAdapter): CacheAdapter {
  const l2 = isolateOver(store);
  return createTwoTierAdapter({ clock: systemClock, l1: near, l2, l1TTLRatio: 1 });
}

/** A near store in front of the far one: it may make nothing look fresher than it is. */
export function tiers(harness: Harness): void {
  describe.each(TIERS)(`${harness.name}, %s: two tiers`, (accountTier) => {
    const own = { accountTier, defaultTTL: TTL_SECONDS };
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
    afterEach(() => void vi.useRealTimers());
    const after = (seconds: number) => vi.setSystemTime(START.getTime() + seconds * 1000);

    /** Two data centres over one store, each with what it has near. */
    async function centres() {
      const ground = await deploy(harness, own);
      const open = () => {
        const near = nearStore();
        const adapter = dataCentre(ground.store, near);
        return { near, adapter, prisma: ground.here(undefined, { adapter }) };
      };
      return { ...ground, here: open(), there: open() };
    }

    test('an old value promoted with a fresh time to live: the copy ends with what it was copied from', async () => {
      const { here, there, plain } = await centres();
      await here.prisma.post.findUnique(ONE);
      await here.prisma.$cleanup();
      after(TTL_SECONDS - 2);
      await there.prisma.post.findUnique(ONE);
      await there.prisma.$cleanup();
      expect((await there.near.list('')).keys).toHaveLength(1);
      await plain.post.update(titled('written past the cache'));
      after(TTL_SECONDS);
      expect((await there.near.list('')).keys).toEqual([]);
      expect((await there.prisma.post.findUnique(ONE))?.title).toBe('written past the cache');
    });

    test('an epoch answered by a near tier: what is written in another data centre is seen', async () => {
      const { here, there } = await centres();
      for (const { prisma } of [here, there]) {
        // Twice, so that all that is kept near would be.
        for (let time = 0; time < 2; time++) {
          await prisma.post.findUnique(ONE);
          await prisma.$cleanup();
        }
      }
      for (const title of ['written there', 'written again']) {
        after(title === 'written there' ? 10 : 20);
        await there.prisma.post.update(titled(title));
        expect((await here.prisma.post.findUnique(ONE))?.title).toBe(title);
        expect((await there.prisma.post.findUnique(ONE))?.title).toBe(title);
        await here.prisma.$cleanup();
        await there.prisma.$cleanup();
      }
    });

    test('a delete that reaches one data centre alone: the copy in another is not answered', async () => {
      const { here, there, store } = await centres();
      for (const { prisma } of [here, there]) {
        await prisma.post.findUnique(ONE);
        await prisma.$cleanup();
      }
      after(10);
      const { keys } = await here.near.list('');
      await there.prisma.post.update(titled('written there'));
      await there.adapter.deleteMany(keys);
      expect([...(await store.getMany(keys)).values()]).toEqual([null]);
      expect((await there.near.list('')).keys).toEqual([]);
      expect((await here.near.list('')).keys).toEqual(keys);
      expect((await here.prisma.post.findUnique(ONE))?.title).toBe('written there');
    });

    test('a put that a near tier did not keep: the far one answers', async () => {
      const { here: open, store, statements } = await deploy(harness, own);
      const near = { ...isolateOver(nearStore()), set: () => Promise.resolve() };
      const prisma = open(undefined, { adapter: dataCentre(store, near) });
      await prisma.post.findUnique(ONE);
      await prisma.$cleanup();
      statements.sent();
      expect((await prisma.post.findUnique(ONE))?.title).toBe('ann 1');
      expect(statements.sent()).toBe(0);
    });
  });
}
