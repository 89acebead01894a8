import { describe, expect, it } from 'vitest';
import { assertFits, deploy } from '../src/build.ts';
import { LEVELS, play } from '../src/levels.ts';
import { MUTANTS } from '../src/mutants/index.ts';
import { catchMutant } from '../src/teeth.ts';

const deployed = await deploy();

describe.each(LEVELS)('the simulator, level %s', (level) => {
  it('finds no promise broken, whatever fails', async () => {
    const faults = new Map<string, number>();
    let hits = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const outcome = await play(level, deployed, seed);
      expect(outcome.violation, outcome.timeline.join('\n')).toBeUndefined();
      hits += outcome.hits;
      for (const [fault, times] of Object.entries(outcome.faults)) {
        faults.set(fault, (faults.get(fault) ?? 0) + times);
      }
    }
    expect(hits).toBeGreaterThan(1_000);
    expect([...faults].filter(([, times]) => times === 0)).toEqual([]);
  });

  it('plays a seed again exactly', async () => {
    const first = await play(level, deployed, 77, true);
    const second = await play(level, deployed, 77, true);
    expect(first.timeline.length).toBeGreaterThan(20);
    expect(second.timeline).toEqual(first.timeline);
  });
});

// All of them take minutes: `npm run sim -- --teeth`.
const QUICK: readonly string[] = [
  'an isolate trusts its own bumps over what KV still says',
  'a put that was refused is not taken for done',
  'readers bypass what a write under way may change',
  'an entry below the floor is stale',
  'what an entry is stamped with is captured before the database is read',
  "a tenant's write reaches readers without tenant",
];

describe('the simulator', () => {
  it.each(MUTANTS)('can leave out that $name', async ({ patches }) => {
    await assertFits(patches);
  });

  it.each(MUTANTS.filter(({ name }) => QUICK.includes(name)))(
    'notices when it does not hold that $name',
    async (mutant) => {
      expect(await catchMutant(mutant, 1, 2_000)).toBeDefined();
    },
  );
});
