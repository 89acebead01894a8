import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Race, type Step } from './race.js';

const client = fc.nat(3);
const id = fc.constantFrom(1, 2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('point' as const), client, id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('list' as const), client }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), client, id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), client, id }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'lose' as const) }),
  },
);
const threads = fc.array(fc.array(step, { minLength: 1, maxLength: 7 }), {
  minLength: 2,
  maxLength: 4,
});

it.each(['strong', 'session'] as const)(
  'in any order of steps, with restarts and lost answers, %s keeps its promises',
  async (consistency) => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), threads, async (scheduler, all) => {
        const race = new Race(scheduler, consistency);
        const running = all.map(async (steps) => {
          for (const next of steps) await race.run(next);
        });
        await scheduler.waitFor(Promise.all(running));
        hits += race.hits;
      }),
      { numRuns: 1_000 },
    );
    expect(hits).toBeGreaterThan(50);
  },
  120_000,
);
