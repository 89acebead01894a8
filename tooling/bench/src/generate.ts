import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateClient, modelsOnly } from '@boost-tooling/database';
import { schemas } from '@boost-tooling/schemas';
import { median, type BenchGroup } from './group.ts';

/** The largest of the real schemas: 81 models, of which Prisma hands a generator 22 MB. */
const LARGEST = 'trigger-dev';
const ROUNDS = 9;

const generator = (file: string): string => `generator more {
  provider = "node ${fileURLToPath(new URL(`../prisma/${file}`, import.meta.url))}"
  output   = "./more"
}`;

/** Generators beside that of the client. */
const BESIDE = {
  none: [],
  idle: [generator('idle-generator.mjs')],
  boost: [generator('cache-generator.mjs')],
} as const;

type Beside = keyof typeof BESIDE;

/** What our generator adds to `prisma generate`, beyond what Prisma takes to run any generator at all. */
export const generateGroup: BenchGroup = {
  name: 'generate',
  about:
    '`prisma generate` of a schema with 81 models: alone, with an idle generator, with ours, ms',
  bars: { 'generate_ms.beyond_idle': { max: 300 } },
  async run() {
    const schema = schemas.get(LARGEST) ?? '';
    const directory = await mkdtemp(join(tmpdir(), 'boost-bench-'));
    const rounds: Readonly<Record<Beside, number>>[] = [];
    try {
      // The first round warms up.
      for (let round = 0; round <= ROUNDS; round++) {
        const times = { none: 0, idle: 0, boost: 0 };
        for (const beside of ['none', 'idle', 'boost'] as const) {
          const started = performance.now();
          await generateClient({ schema: modelsOnly(schema), directory, blocks: BESIDE[beside] });
          times[beside] = performance.now() - started;
        }
        if (round > 0) rounds.push(times);
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
    return {
      'generate_ms.client': median(rounds.map(({ none }) => none)),
      'generate_ms.beside_client.idle': median(rounds.map(({ none, idle }) => idle - none)),
      'generate_ms.beside_client.boost': median(rounds.map(({ none, boost }) => boost - none)),
      'generate_ms.beyond_idle': median(rounds.map(({ idle, boost }) => boost - idle)),
    };
  },
};
