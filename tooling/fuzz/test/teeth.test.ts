import { fileURLToPath } from 'node:url';
import { disableRule, type Rule } from '@boost/core/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Arenas } from '../src/arena.ts';
import type { DatabaseKind } from '../src/database/database.ts';
import { Databases } from '../src/database/open.ts';
import type { OpWeights } from '../src/generate/op.ts';
import { runLaw } from '../src/law-run.ts';
import type { Finding } from '../src/oracle/finding.ts';
import { Metrics } from '../src/oracle/metrics.ts';

/** Where a rule can be missed. Absent: on the hand-made schemas, in memory, with the usual writes. */
interface Ground {
  readonly schemas?: readonly string[];
  readonly kinds?: readonly DatabaseKind[];
  readonly weights?: OpWeights;
}

const SCHEMAS = ['blog', 'keys', 'graph', 'types'];
const TWO_WRITERS: OpWeights = { write: 2, transaction: 0, duel: 8, raw: 0, invalidate: 0 };

/** Every rule, and the compiler sees to it that none is left out. */
const RULES: Readonly<Record<Rule, Ground>> = {
  'depend-imprecise-model': {},
  'depend-imprecise-partition': {},
  'depend-unknown-partition': {},
  'row-relation-keys': {},
  'row-place': {},
  'row-unique-where': {},
  'row-existence': {},
  'row-order-fields': {},
  'membership-rows': {},
  'membership-where-fields': {},
  'membership-null': {},
  'membership-page-order': {},
  'membership-implicit-order': { schemas: ['blog'] },
  'membership-distinct': {},
  'cursor-row': {},
  'relation-filter-rows': {},
  'relation-filter-key': {},
  'relation-filter-join': {},
  'relation-order': {},
  'include-partition': {},
  'include-join': {},
  'include-join-targets': {},
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
  'bump-updated-at': {},
  'bump-generated-unknown': {},
  'bump-identifier-change': {},
  'nested-create': {},
  'nested-connect': {},
  'nested-disconnect': {},
  'nested-set': {},
  'nested-update': {},
  'nested-delete': {},
  'nested-join': {},
  'nested-keys': {},
  'displaced-one-to-one': {},
  'cascade-delete': {},
  'cascade-set-null': {},
  'cascade-set-default': { schemas: ['keys'] },
  'cascade-update': {},
  'cascade-deep': {},
  'cascade-join': { schemas: ['blog', 'graph'] },
  'upsert-union': {},
  'guard-before-image': { weights: TWO_WRITERS },
  'equality-mode': { schemas: ['blog'], kinds: ['postgres'] },
};

/** A mutant is caught within a minute, on a machine that does something else as well. */
const TIMEOUT_MS = 60_000;
const SESSIONS = 120;

const databases = new Databases();

afterEach(() => disableRule(undefined));
afterAll(() => databases.close());

/** What is stale, or was not fenced, in at most so many sessions. */
async function found(ground: Ground, sessions: number): Promise<Finding | undefined> {
  const { schemas = SCHEMAS, kinds = ['libsql', 'autocommit'], weights } = ground;
  const files = schemas.map((name) =>
    fileURLToPath(new URL(`../schemas/${name}.prisma`, import.meta.url)),
  );
  const arenas = new Arenas(files, kinds, databases);
  let first: Finding | undefined;
  let left = sessions;
  try {
    await runLaw({
      arenas,
      seed: 1,
      metrics: new Metrics(),
      goOn: () => left-- > 0 && first === undefined,
      onFinding(finding) {
        if (finding.kind === 'stale' || finding.kind === 'unfenced') first ??= finding;
      },
      shrink: false,
      ...(weights === undefined ? {} : { weights }),
    });
  } finally {
    await arenas.close();
  }
  return first;
}

describe('the oracle', () => {
  it('finds nothing while every rule is in force', { timeout: TIMEOUT_MS }, async () => {
    expect(await found({}, 12)).toBeUndefined();
  });

  it.each(Object.entries(RULES) as [Rule, Ground][])(
    'finds what is stale without the rule %s',
    { timeout: TIMEOUT_MS },
    async (rule, ground) => {
      disableRule(rule);
      expect(await found(ground, SESSIONS)).toBeDefined();
    },
  );
});
