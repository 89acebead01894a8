import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PrismaClient } from '../generated/sqlite/client/client.js';
import type { StoreHooks } from '../support/isolate.js';
import { readsFrom, writesTo } from '../support/statements.js';
import { deploy, ONE, plainly, TIERS, type Harness } from './harness.js';

/** Everything that is ready runs. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const titled = (title: string) => ({ ...ONE, data: { title } });

/** What happens when reads, writes and the store meet at a bad moment. */
export function races(harness: Harness): void {
  describe.each(TIERS)(`${harness.name}, %s: in a bad moment`, (accountTier) => {
    const own = { accountTier };
    afterEach(() => vi.useRealTimers());

    test('bump before commit only: the bump follows the row, and the result follows the bump', async () => {
      const { here, statements } = await deploy(harness, own);
      const order: string[] = [];
      const prisma = here({
        beforeSet: ({ isEpoch }) => isEpoch && order.push('bump'),
        async afterSet({ isEpoch }) {
          // Time enough for a caller who does not wait.
          await turn();
          if (isEpoch) order.push('bumped');
        },
      });
      // The commit of what a nested write takes included.
      statements.after = (sql) => !/^\s*(select|begin)/i.test(sql) && order.push('written');
      await prisma.post.update({
        ...ONE,
        data: { title: 'written', comments: { create: { content: 'nested' } } },
      });
      order.push('acknowledged');
      expect([...new Set(order)]).toEqual(['written', 'bump', 'bumped', 'acknowledged']);
      expect(order.lastIndexOf('written')).toBeLessThan(order.indexOf('bump'));
      expect(order.lastIndexOf('bumped')).toBe(order.length - 2);
    });

    test('Invalidation runs beside the write, stale refill: drizzle-orm#5828. What is filled before the bump falls with it', async () => {
      const { here, elsewhere } = await deploy(harness, own);
      const other = elsewhere();
      const seen: (string | undefined)[] = [];
      const refill = async () => {
        seen.push((await other.post.findUnique(ONE))?.title);
        await other.$cleanup();
      };
      const prisma = here({ beforeSet: async ({ isEpoch }) => isEpoch && (await refill()) });
      await refill();
      await prisma.post.update(titled('written'));
      expect(seen.slice(0, 2)).toEqual(['ann 1', 'ann 1']);
      expect((await prisma.post.findUnique(ONE))?.title).toBe('written');
      expect((await other.post.findUnique(ONE))?.title).toBe('written');
    });

    test.each(['here', 'elsewhere'] as const)(
      'fill racing a write: what was read before a write %s is dead on arrival',
      async (place) => {
        const { here, elsewhere, statements } = await deploy(harness, own);
        const prisma = here();
        const other = elsewhere();
        const writer = place === 'here' ? prisma : other;
        const held = statements.hold(readsFrom('Post'));
        const reading = Promise.resolve(prisma.post.findUnique(ONE));
        await held.reached;
        await writer.post.update(titled('written'));
        held.release();
        expect((await reading)?.title).toBe('ann 1');
        await prisma.$cleanup();
        expect((await prisma.post.findUnique(ONE))?.title).toBe('written');
        expect((await other.post.findUnique(ONE))?.title).toBe('written');
      },
    );

    test('coalescing across an own write: a read after it joins no flight from before', async () => {
      const { here, statements } = await deploy(harness, own);
      const prisma = here();
      const held = statements.hold(readsFrom('Post'));
      const early = Promise.resolve(prisma.post.findMany({ where: { title: 'written' } }));
      await held.reached;
      await prisma.post.update(titled('written'));
      const late = Promise.resolve(prisma.post.findMany({ where: { title: 'written' } }));
      await turn();
      held.release();
      expect(await early).toEqual([]);
      expect(await late).toHaveLength(1);
    });

    test('same nonce put twice: every bump is another one, also in one moment', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const { here, elsewhere } = await deploy(harness, own);
      const epochs: string[] = [];
      const hooks: StoreHooks = {
        beforeSet: ({ value, isEpoch }) => isEpoch && epochs.push(value),
      };
      const prisma = here(hooks);
      const other = elsewhere(hooks);
      for (const client of [prisma, other, prisma]) await client.post.update(titled('written'));
      expect(epochs.length).toBeGreaterThanOrEqual(3);
      expect(new Set(epochs).size).toBe(epochs.length);
    });

    test.each<[string, (values: Map<string, string | null>, key: string) => unknown]>([
      ['is damaged', (values, key) => values.set(key, '?')],
      ['does not come', (values, key) => values.delete(key)],
    ])('epoch unreadable taken for absent: one that %s is a miss', async (_, spoil) => {
      const { here, elsewhere, statements } = await deploy(harness, own);
      const epochs = new Set<string>();
      const first = here();
      await first.post.findUnique(ONE);
      await first.$cleanup();
      await elsewhere().post.update(titled('written'));
      // Entries hold more than an epoch does.
      const prisma = here({
        onRead: (values) => {
          for (const [key, value] of values) {
            if (value !== null && value.length > 60) continue;
            epochs.add(key);
            spoil(values, key);
          }
        },
      });
      statements.sent();
      expect((await prisma.post.findUnique(ONE))?.title).toBe('written');
      expect(statements.sent()).toBeGreaterThan(0);
      expect(epochs.size).toBeGreaterThan(0);
    });

    test.each<[string, (client: PrismaClient) => Promise<unknown>]>([
      [
        'updateMany',
        (client) => client.comment.updateMany({ where: { postId: 1 }, data: { authorId: null } }),
      ],
      ['deleteMany', (client) => client.comment.deleteMany({ where: { postId: 1 } })],
    ])(
      'concurrent writer between key read and bulk write: what counts a row that it did not read falls with %s',
      async (_, bulk) => {
        const { here, elsewhere, plain, statements } = await deploy(harness, own);
        const [prisma, other] = [plainly(here()), elsewhere()];
        const ofBob = { where: { authorId: 2 } } as const;
        const seen: number[] = [];
        statements.before = async (sql) => {
          if (!writesTo('Comment')(sql)) return;
          statements.before = () => undefined;
          await other.comment.update({ ...ONE, data: { authorId: 2 } });
          seen.push(await other.comment.count(ofBob));
          await other.$cleanup();
        };
        await bulk(prisma);
        expect(seen).toEqual([1]);
        expect(await plain.comment.count(ofBob)).toBe(0);
        for (const client of [plainly(other), prisma]) {
          expect(await client.comment.count(ofBob)).toBe(0);
        }
      },
    );
  });
}
