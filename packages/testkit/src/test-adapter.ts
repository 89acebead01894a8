import { describe, it } from 'vitest';
import type { MakeAdapter, TestCapabilities } from './capabilities.js';
import { CONTRACT } from './contract/index.js';
import { Trial } from './trial.js';

/**
 * The contract of a store as tests of Vitest: call it in a test file, at its top or in a `describe`.
 *
 * @param makeAdapter - makes an adapter of the store under test
 * @param capabilities - what the adapter has to say of its store, and what the suite may do to the store
 * @example
 * testAdapter(() => createKVAdapter({ kv }), {
 *   maxKeyBytes: 512, maxValueBytes: 25 * 1024 * 1024, minTtlSeconds: 60, maxKeysPerGet: 100,
 *   consistency: 'eventual', shared: true, list: true, tier: 'l2',
 *   expiry: { secondsLeft: async (key) => … },
 * });
 */
export function testAdapter(makeAdapter: MakeAdapter, capabilities: TestCapabilities): void {
  for (const [subject, rules] of Object.entries(CONTRACT)) {
    const applying = rules.filter(({ appliesTo }) => appliesTo?.(capabilities) ?? true);
    if (applying.length === 0) continue;
    describe(subject, () => {
      for (const { title, check } of applying) {
        it(title, async () => {
          await check(await Trial.begin(makeAdapter, capabilities));
        });
      }
    });
  }
}
