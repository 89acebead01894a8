import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { NEXT_VERSION, SCALED_DOWN } from './variants.ts';
import type * as Bundled from './packages.ts';

export type Packages = typeof Bundled;

export interface Patch {
  /** Path below the repository's root. */
  readonly file: string;
  /** What is replaced; it occurs once. */
  readonly find: string;
  readonly replace: string;
}

/** The packages as they are deployed side by side. */
export interface Deployed {
  readonly current: Packages;
  /** With limits so low that a short run reaches them. */
  readonly scaledDown: Packages;
  /** A version whose entries and stamps have another format. */
  readonly next: Packages;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The packages with every patch applied to each variant. */
export async function deploy(patches: readonly Patch[] = []): Promise<Deployed> {
  const [current, scaledDown, next] = await Promise.all([
    loadPackages(patches),
    loadPackages([...patches, ...SCALED_DOWN]),
    loadPackages([...patches, ...NEXT_VERSION]),
  ]);
  return { current, scaledDown, next };
}

/** @throws Error when a patch no longer fits the source */
async function loadPackages(patches: readonly Patch[]): Promise<Packages> {
  const folder = await mkdtemp(join(tmpdir(), 'boost-sim-'));
  const outfile = join(folder, 'packages.mjs');
  const source = (path: string): string => join(ROOT, 'packages', path);
  try {
    await build({
      entryPoints: [join(ROOT, 'tooling/sim/src/packages.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      define: { 'crypto.randomUUID': 'randomUUID', 'Date.now': 'now' },
      inject: [join(ROOT, 'tooling/sim/src/platform.ts')],
      alias: {
        '@boost/core': source('core/src/index.ts'),
        '@boost/adapter-cfcache': source('adapter-cfcache/src/index.ts'),
        '@boost/adapter-kv': source('adapter-kv/src/index.ts'),
        '@boost/coordinator/durable-object': source('coordinator/src/durable-object.ts'),
        '@boost/coordinator': source('coordinator/src/index.ts'),
        'cloudflare:workers': join(ROOT, 'tooling/sim/src/cloudflare-workers.ts'),
      },
      plugins: patches.length === 0 ? [] : [applied(patches)],
    });
    return (await import(pathToFileURL(outfile).href)) as Packages;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function applied(patches: readonly Patch[]): Plugin {
  return {
    name: 'patches',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const own = patches.filter(({ file }) => file === relative(ROOT, path));
        if (own.length === 0) return undefined;
        const contents = patched(await readFile(path, 'utf8'), own);
        return { contents, loader: 'ts' };
      });
    },
  };
}

function patched(source: string, patches: readonly Patch[]): string {
  let contents = source;
  for (const { file, find, replace } of patches) {
    const parts = contents.split(find);
    if (parts.length !== 2) {
      throw new Error(`${find} occurs ${String(parts.length - 1)} times in ${file}.`);
    }
    contents = parts.join(replace);
  }
  return contents;
}

/** @throws Error when a patch no longer fits the source */
export async function assertFits(patches: readonly Patch[]): Promise<void> {
  for (const file of new Set(patches.map((patch) => patch.file))) {
    const own = patches.filter((patch) => patch.file === file);
    patched(await readFile(join(ROOT, file), 'utf8'), own);
  }
}
