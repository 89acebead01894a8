import { fileURLToPath } from 'node:url';
import { disableRule, type Rule } from '@boost/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Arenas } from '../src/arena.ts';
import { Databases } from '../src/database/open.ts';
import { runLaw } from '../src/law-run.ts';
import type { Finding } from '../src/oracle/finding.ts';
import { Metrics } from '../src/oracle/metrics.ts';

const blog = fileURLToPath(new URL('../schemas/blog.prisma', import.meta.url));

/** Runs the law on the blog in memory until something is found, for at most so many sessions. */
async function found(sessions: number): Promise<Finding[]> {
  const databases = new Databases();
  const arenas = new Arenas([blog], ['libsql'], databases);
  const findings: Finding[] = [];
  let left = sessions;
  await runLaw({
    arenas,
    seed: 1,
    metrics: new Metrics(),
    goOn: () => left-- > 0 && findings.length === 0,
    onFinding: (finding) => findings.push(finding),
    shrink: false,
  });
  await arenas.close();
  await databases.close();
  return findings;
}

afterEach(() => {
  disableRule(undefined);
});

describe('the oracle', () => {
  it('finds nothing while every rule holds', async () => {
    expect(await found(4)).toEqual([]);
  });

  it.each<Rule>(['membership-rows', 'bump-row', 'include-partition', 'membership-where-fields'])(
    'finds what is stale without the rule %s',
    async (rule) => {
      disableRule(rule);
      const [finding] = await found(40);
      expect(finding?.kind).toBe('stale');
    },
  );
});
