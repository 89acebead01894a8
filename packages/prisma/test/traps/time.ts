import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deferred } from '../support/deferred.js';
import { readsFrom } from '../support/statements.js';
import { deploy, ONE, TIERS, type Harness } from './harness.js';

const START = new Date('2026-01-01T00:00:00.000Z');
const TTL_SECONDS = 300;
const titled = (title: string) => ({ ...ONE, data: { title } });

/** What depends on the clock: it stands still unless a test moves it. */
export function time(harness: Harness): void {
  describe.each(TIERS)(`${harness.name}, %s: as time goes by`, (accountTier) => {
    const own = { accountTier, defaultTTL: TTL_SECONDS };
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
    afterEach(() => void vi.useRealTimers());
    const after = (seconds: number) => vi.setSystemTime(START.getTime() + seconds * 1000);

    test('frozen clock: within one moment a read after a write sees it, again and again', async () => {
      const { here, elsewhere } = await deploy(harness, own);
      const clients = [here(), elsewhere()];
      for (const writer of [...clients, ...clients]) {
        const title = `written ${String(Math.random())}`;
        await writer.post.update(titled(title));
        for (const reader of clients) {
          expect((await reader.post.findUnique(ONE))?.title).toBe(title);
          await reader.$cleanup();
          expect((await reader.post.findUnique(ONE))?.title).toBe(title);
        }
      }
      expect(Date.now()).toBe(START.getTime());
    });

    test('crash between commit and bump: others see the old row until its time is over, and not longer', async () => {
      const { here, elsewhere } = await deploy(harness, own);
      const other = elsewhere();
      await other.post.findUnique(ONE);
      await other.$cleanup();
      const reached = deferred();
      // The writer dies here: its put is never made, and its caller never hears of it.
      const dying = here({
        beforeSet: ({ isEpoch }) => {
          reached.resolve();
          return isEpoch ? new Promise(() => undefined) : undefined;
        },
      });
      void dying.post.update(titled('committed')).then();
      await reached.promise;
      after(TTL_SECONDS - 1);
      expect((await other.post.findUnique(ONE))?.title).toBe('ann 1');
      after(TTL_SECONDS);
      expect((await other.post.findUnique(ONE))?.title).toBe('committed');
    });

    test('Grace serves what was invalidated: bentocache#71. What a write made wrong is not served stale', async () => {
      const { here } = await deploy(harness, { ...own, defaultSWR: 3600 });
      const prisma = here();
      await prisma.post.findUnique(ONE);
      await prisma.$cleanup();
      await prisma.post.update(titled('written'));
      after(TTL_SECONDS + 1);
      expect((await prisma.post.findUnique(ONE))?.title).toBe('written');
    });

    test('Time stamped after the load: FusionCache#535. The time to live counts from before the database was read', async () => {
      const { here, statements } = await deploy(harness, own);
      const prisma = here();
      const held = statements.hold(readsFrom('Post'));
      const reading = Promise.resolve(prisma.post.findUnique(ONE));
      await held.reached;
      after(TTL_SECONDS - 1);
      held.release();
      await reading;
      await prisma.$cleanup();
      statements.sent();
      await prisma.post.findUnique(ONE);
      expect(statements.sent()).toBe(0);
      after(TTL_SECONDS);
      await prisma.post.findUnique(ONE);
      expect(statements.sent()).toBeGreaterThan(0);
    });

    test('SWR refresh dies without waitUntil: cloudflare/vinext#438. The platform is asked to let it live', async () => {
      const kept: Promise<unknown>[] = [];
      // A task may begin others: the put of what it has read.
      const settle = async () => {
        while (kept.length > 0) await Promise.all(kept.splice(0));
      };
      const executionCtx = { waitUntil: (task: Promise<unknown>) => void kept.push(task) };
      const { here, plain, statements } = await deploy(harness, {
        ...own,
        defaultSWR: 3600,
        executionCtx,
      });
      const prisma = here();
      await prisma.post.findUnique(ONE);
      await settle();
      await plain.post.update(titled('past the cache'));
      after(TTL_SECONDS + 1);
      expect((await prisma.post.findUnique(ONE))?.title).toBe('ann 1');
      expect(kept.length).toBeGreaterThan(0);
      await settle();
      statements.sent();
      expect((await prisma.post.findUnique(ONE))?.title).toBe('past the cache');
      expect(statements.sent()).toBe(0);
    });
  });
}
