import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from './mutants.ts';
import type * as Program from './simulation.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The simulation over the sources of the packages, one of them changed by a mutant.
 *
 * @throws Error when the mutant no longer fits the source
 */
export async function loadSimulation(mutant: Mutant | undefined): Promise<typeof Program> {
  const folder = await mkdtemp(join(tmpdir(), 'boost-sim-'));
  const outfile = join(folder, 'simulation.mjs');
  try {
    await build({
      entryPoints: [join(ROOT, 'tooling/sim/src/simulation.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      alias: {
        '@boost/core': join(ROOT, 'packages/core/src/index.ts'),
        '@boost/adapter-kv': join(ROOT, 'packages/adapter-kv/src/index.ts'),
      },
      plugins: mutant === undefined ? [] : [applied(mutant)],
    });
    return (await import(pathToFileURL(outfile).href)) as typeof Program;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function applied({ name, patches }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const own = patches.filter(({ file }) => file === relative(ROOT, path));
        if (own.length === 0) return undefined;
        let contents = await readFile(path, 'utf8');
        for (const { file, find, replace } of own) {
          const parts = contents.split(find);
          if (parts.length !== 2) {
            const times = String(parts.length - 1);
            throw new Error(`The mutant "${name}" occurs ${times} times in ${file}.`);
          }
          contents = parts.join(replace);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}
