import { describe, expect, it } from 'vitest';
import type { AccountTier } from '../../src/policy/tier.js';
import { Setup } from '../support/setups.js';

describe.each<[AccountTier, number]>([
  ['free', 150],
  ['pro', 600],
])('a bulk write on the %s tier, where rows are told apart', (tier, most) => {
  async function reasonOf(count: number): Promise<string | undefined> {
    const reasons: (string | undefined)[] = [];
    const client = new Setup('memory', 'field').client({
      tier,
      onInvalidate: (_, { details }) => reasons.push(details?.fallbackReason),
    });
    const data = Array.from({ length: count }, (_, id) => ({ id: 100 + id, title: 'x' }));
    await client.write('Post', 'createMany', { data });
    expect(reasons).toHaveLength(1);
    return reasons[0];
  }

  it(`tells ${String(most)} rows one by one`, async () => {
    expect(await reasonOf(most)).toBeUndefined();
  });

  it('tells of more no row, and says so', async () => {
    expect(await reasonOf(most + 1)).toBe('row-budget');
  });
});
