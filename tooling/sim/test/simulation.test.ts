import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../src/mutants.ts';
import { Simulation } from '../src/simulation.ts';
import { catchMutant } from '../src/teeth.ts';

describe('the simulator', () => {
  it('finds no promise broken, whatever fails', async () => {
    const faults = new Map<string, number>();
    let hits = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const outcome = await new Simulation(seed).run();
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
    const [first, second] = [await new Simulation(77).run(), await new Simulation(77).run()];
    expect(second.timeline).toEqual(first.timeline);
  });

  it.each(MUTANTS)('notices when it does not hold that $name', async (mutant) => {
    expect(await catchMutant(mutant, 1, 2_000)).toBeDefined();
  });
});
