import { createMemoryAdapter } from '@boost/core';
import { expect, test } from 'vitest';
import type { CacheExtensionOptions } from '../../src/index.js';
import { READS, WRITES } from '../matrix/operations.js';
import { answer, answers, expectSame } from '../matrix/run.js';
import { systemClock } from '../support/store.js';
import { cached, clear, openSqlite, seed } from '../support/sqlite.js';

const fieldTracking = {
  Post: { neverInvalidateOn: ['viewCount'], alwaysInvalidateOn: ['published'] },
  User: { neverInvalidateOn: ['balance', 'visits', 'role'] },
  OrderItem: { enabled: false },
} as const;

test.each<[string, 'row' | 'field', Partial<CacheExtensionOptions>]>([
  ['delete, by row', 'row', { invalidationPolicy: { strategy: 'delete' }, fieldTracking }],
  ['delete, by field', 'field', { invalidationPolicy: { strategy: 'delete' }, fieldTracking }],
  [
    'hybrid with epoch-model, by row',
    'row',
    { invalidationPolicy: { strategy: 'hybrid', fallback: 'epoch-model' }, fieldTracking },
  ],
  [
    'delete that may be incomplete, by field',
    'field',
    { invalidationPolicy: { strategy: 'delete', maxDeletes: 1, allowIncomplete: true } },
  ],
])(
  'with %s, no write of another client leaves any read stale',
  async (_, granularity, own) => {
    const { base, plain } = await openSqlite();
    for (const [title, write] of Object.entries(WRITES)) {
      await clear(plain);
      await seed(plain);
      const adapter = createMemoryAdapter({ clock: systemClock, shared: granularity === 'row' });
      const options = { ...own, adapter, accountTier: 'pro' } as const;
      const reader = cached(base, options);
      await answers(reader, READS);
      await reader.$cleanup();
      const writer = cached(base, options);
      expect(await answer(writer, write), title).not.toHaveProperty('code');
      // Beside the deletes, which go on in the background.
      expectSame(await answers(reader, READS), await answers(plain, READS), title);
      await writer.$cleanup();
      expectSame(await answers(reader, READS), await answers(plain, READS), title);
    }
  },
  60_000,
);
