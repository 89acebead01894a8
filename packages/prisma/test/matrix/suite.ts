import { describe, expect, test } from 'vitest';
import type { CacheExtensionOptions } from '../../src/index.js';
import { cached, type Opened } from '../support/sqlite.js';
import { READS, WRITES } from './operations.js';
import { answer, answers, expectSame } from './run.js';

export interface Harness {
  readonly name: string;
  readonly config: CacheExtensionOptions['config'];
  /** A new database without rows. */
  open(): Promise<Opened>;
  clear(client: Opened['plain']): Promise<void>;
  seed(client: Opened['plain']): Promise<void>;
}

/** Every write against every read: what the cached client answers is what a plain one answers. */
export function matrix({ name, config, open, seed, clear }: Harness): void {
  describe.each(['free', 'pro'] as const)(`${name}, %s`, (accountTier) => {
    test('every read is answered from the cache the second time', async () => {
      const { base, plain, sent } = await open();
      await seed(plain);
      const prisma = cached(base, { accountTier, config });
      const expected = await answers(plain, READS);
      for (const [title, read] of Object.entries(READS)) {
        expectSame(await answer(prisma, read), expected[title]);
        await prisma.$cleanup();
        expect(sent(), `${title}: first`).toBeGreaterThan(0);
        expectSame(await answer(prisma, read), expected[title]);
        expect(sent(), `${title}: second`).toBe(0);
      }
    });

    test('no write leaves anything stale, and each returns what it returns without the cache', async () => {
      const { base, plain } = await open();
      for (const [title, write] of Object.entries(WRITES)) {
        await clear(plain);
        await seed(plain);
        const expected = await answer(plain, write);
        await clear(plain);
        await seed(plain);
        const prisma = cached(base, { accountTier, config });
        await answers(prisma, READS);
        await prisma.$cleanup();
        const result = await answer(prisma, write);
        expect(result, title).not.toHaveProperty('code');
        expectSame(withoutClock(result), withoutClock(expected), title);
        expectSame(await answers(prisma, READS), await answers(plain, READS), title);
      }
    }, 60_000);
  });
}

/** What the database or Prisma fills in from the clock differs between two runs. */
function withoutClock(value: unknown): unknown {
  if (value instanceof Date) return 'a date';
  if (Array.isArray(value)) return value.map(withoutClock);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, withoutClock(part)]),
  );
}
