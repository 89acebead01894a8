import { describe, expect, it } from 'vitest';
import { World, type Variant } from './fence-model.js';

interface Explored {
  readonly states: number;
  readonly violation?: { readonly what: string; readonly trace: readonly string[] };
}

/** Every state that any order of steps can reach, breadth first: the first violation found has the shortest way to it. */
function explore(variant: Variant): Explored {
  const replay = (trace: readonly number[]): { world: World; names: string[] } => {
    const world = new World(variant);
    const names: string[] = [];
    for (const choice of trace) {
      const action = world.actions()[choice];
      if (action === undefined) throw new Error('a step that was possible is not any more');
      names.push(action.name);
      action.run();
    }
    return { world, names };
  };
  const seen = new Set<string>([new World(variant).key()]);
  let frontier: (readonly number[])[] = [[]];
  while (frontier.length > 0) {
    const next: (readonly number[])[] = [];
    for (const trace of frontier) {
      const choices = replay(trace).world.actions().length;
      for (let choice = 0; choice < choices; choice++) {
        const path = [...trace, choice];
        const { world, names } = replay(path);
        world.inspect();
        if (world.violation !== undefined) {
          return { states: seen.size, violation: { what: world.violation, trace: names } };
        }
        const key = world.key();
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(path);
      }
    }
    frontier = next;
  }
  return { states: seen.size };
}

describe('two writers, two strong readers, one crash, one deadline', () => {
  it.each([true, false])(
    'no order of steps lets a read return what is older than what was known (warm: %s)',
    (warm) => {
      const { states, violation } = explore({ warm });
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(5_000);
    },
    300_000,
  );

  it.each([
    'no-fence',
    'bump-before-commit',
    'capture-after-read',
    'unknown-without-fence',
    'silent-deadline',
    'reader-without-sync',
  ] as const)(
    'finds out about %s',
    (mutant) => {
      const warm = mutant !== 'unknown-without-fence' && mutant !== 'capture-after-read';
      expect(explore({ warm, mutant }).violation).toBeDefined();
    },
    60_000,
  );
});
