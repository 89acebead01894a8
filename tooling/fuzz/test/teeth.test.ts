import { fileURLToPath } from 'node:url';
import { disableRule, type Rule } from '@boost/core/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Arenas } from '../src/arena.ts';
import type { DatabaseKind } from '../src/database/database.ts';
import { Databases } from '../src/database/open.ts';
import { OP_WEIGHTS, type OpWeights } from '../src/generate/op.ts';
import { runLaw } from '../src/law-run.ts';
import type { Finding } from '../src/oracle/finding.ts';
import { Metrics } from '../src/oracle/metrics.ts';

/** Where the search for what a rule's absence makes stale begins. */
interface Ground {
  /** @defaultValue `blog` */
  readonly schema?: string;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** @defaultValue in memory, with and without transactions */
  readonly kinds?: readonly DatabaseKind[];
  /** @defaultValue as in a run, but for duels between statements */
  readonly weights?: OpWeights;
}

const NONE: OpWeights = {
  write: 0,
  transaction: 0,
  duel: 0,
  raw: 0,
  invalidate: 0,
  interleaved: 0,
};
const APART: OpWeights = { ...OP_WEIGHTS, interleaved: 0 };
const TWO_WRITERS: OpWeights = { ...NONE, write: 2, duel: 8 };
const BETWEEN_STATEMENTS: OpWeights = { ...NONE, write: 2, interleaved: 8 };

/** Every rule, and the compiler sees to it that none is left out. */
const RULES: Readonly<Record<Rule, Ground>> = {
  'depend-imprecise-model': {},
  'depend-imprecise-partition': {},
  'depend-unknown-partition': {},
  'row-relation-keys': { schema: 'types', seed: 4 },
  'row-place': { schema: 'graph' },
  'row-unique-where': {},
  'row-existence': {},
  'row-order-fields': { schema: 'types', seed: 2 },
  'membership-rows': {},
  'membership-where-fields': {},
  'membership-null': {},
  'membership-page-order': {},
  'membership-implicit-order': { schema: 'graph', seed: 22 },
  'membership-distinct': {},
  'cursor-row': {},
  'relation-filter-rows': {},
  'relation-filter-key': {},
  'relation-filter-join': { schema: 'graph', seed: 7 },
  'relation-order': {},
  'include-partition': {},
  'include-join': { schema: 'graph' },
  'include-join-targets': { schema: 'graph' },
  'count-membership': {},
  'aggregate-fields': {},
  'fold-widens': {},
  'bump-row': {},
  'bump-model-facets': {},
  'bump-partition-before': {},
  'bump-partition-after': {},
  'bump-unknown-partition': {},
  'bump-unknown-identifier': {},
  'bump-imprecise-model-facets': {},
  'bump-moved-key-destination': {},
  'bump-updated-at': { schema: 'types', seed: 2 },
  'bump-generated-unknown': {},
  'bump-identifier-change': {},
  'nested-create': {},
  'nested-connect': {},
  'nested-disconnect': {},
  'nested-set': { schema: 'types', seed: 9 },
  'nested-update': {},
  'nested-delete': {},
  'nested-join': { schema: 'graph', seed: 2 },
  'combined-keys': { schema: 'emulated' },
  'displaced-one-to-one': {},
  'cascade-delete': {},
  'cascade-set-null': {},
  'cascade-set-default': { schema: 'keys', seed: 12 },
  'cascade-update': {},
  'cascade-deep': {},
  'cascade-join': { seed: 16 },
  'upsert-union': {},
  'guard-before-image': { weights: TWO_WRITERS },
  'hold-near-row': {
    kinds: ['autocommit'],
    weights: BETWEEN_STATEMENTS,
  },
  'equality-mode': { kinds: ['postgres'] },
};

/** A mutant is caught within a minute, on a machine that does something else as well. */
const TIMEOUT_MS = 60_000;
const MAX_SESSIONS = 60;
const PROBES = 100;

const databases = new Databases();
const opened = new Map<string, Arenas>();
/** Where mutants were caught. */
const caught: (Ground & { readonly seed: number })[] = [];

afterEach(() => disableRule(undefined));
afterAll(async () => {
  for (const arenas of opened.values()) await arenas.close();
  await databases.close();
});

function arenasOf({ schema = 'blog', kinds = ['libsql', 'autocommit'] }: Ground): Arenas {
  const name = [schema, ...kinds].join();
  const file = fileURLToPath(new URL(`../schemas/${schema}.prisma`, import.meta.url));
  const arenas = opened.get(name) ?? new Arenas([file], kinds, databases);
  opened.set(name, arenas);
  return arenas;
}

/** What is stale, or was not fenced, in the session of this seed. */
async function found(ground: Ground, seed: number): Promise<Finding | undefined> {
  let first: Finding | undefined;
  let sessions = 0;
  await runLaw({
    arenas: arenasOf(ground),
    seed,
    metrics: new Metrics(),
    goOn: () => sessions === 0 && first === undefined,
    onSession: () => (sessions += 1),
    onFinding(finding) {
      if (finding.kind === 'stale' || finding.kind === 'unfenced') first ??= finding;
    },
    shrink: false,
    probes: PROBES,
    weights: ground.weights ?? APART,
  });
  return first;
}

describe('the oracle', () => {
  it.each(Object.entries(RULES) as [Rule, Ground][])(
    'finds what is stale without the rule %s',
    { timeout: TIMEOUT_MS },
    async (rule, ground) => {
      disableRule(rule);
      const { seed: start = 1 } = ground;
      for (let seed = start; seed < start + MAX_SESSIONS; seed++) {
        if ((await found(ground, seed)) === undefined) continue;
        caught.push({ ...ground, seed });
        return;
      }
      expect.fail(`Nothing is stale without the rule ${rule}.`);
    },
  );

  it('finds nothing there while every rule is in force', { timeout: 5 * TIMEOUT_MS }, async () => {
    const places = new Map(caught.map((place) => [JSON.stringify(place), place]));
    expect(caught).toHaveLength(Object.keys(RULES).length);
    for (const place of places.values()) {
      expect(await found(place, place.seed), JSON.stringify(place)).toBeUndefined();
    }
  });
});
