import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, pack, publishedFolders } from '../run/packing.mjs';
import { ROOT, readManifest } from '../run/toolchain.mjs';

/**
 * Packs every published package, installs the tarballs into an empty project outside of the workspace, generates with them, and
 * runs the level-1 worker from them: what users get.
 */

const APP = join(ROOT, 'apps', 'level-1-d1');
const project = mkdtempSync(join(tmpdir(), 'boost-packaging-'));

const tarballs = {};
mkdirSync(join(project, 'tarballs'));
for (const folder of publishedFolders(ROOT)) {
  const { file, manifest, missing } = pack(folder, join(project, 'tarballs'));
  tarballs[manifest.name] = `file:${file}`;
  if (missing.length === 0) continue;
  console.error(`${manifest.name} packs no ${missing.join(', no ')}`);
  process.exitCode = 1;
}

/** The version that the workspace has, so that the same is tested everywhere. */
const installed = (name) => readManifest(join(APP, 'node_modules', name)).version;
const app = readManifest(APP);
const libraries = [
  '@prisma/client',
  '@prisma/adapter-d1',
  'prisma',
  'wrangler',
  ...Object.keys(app.dependencies),
].filter((name) => !(name in tarballs));
writeFileSync(
  join(project, 'package.json'),
  JSON.stringify({
    name: 'my-app',
    private: true,
    type: 'module',
    dependencies: {
      'prisma-boost': tarballs['prisma-boost'],
      ...Object.fromEntries(libraries.map((name) => [name, installed(name)])),
    },
    // Not on the registry yet: the packages find each other as tarballs.
    overrides: Object.fromEntries(
      Object.entries(tarballs).filter(([name]) => name !== 'prisma-boost'),
    ),
  }),
);
for (const part of ['src', 'prisma/schema.prisma', 'migrations', 'wrangler.toml'])
  cpSync(join(APP, part), join(project, part), { recursive: true });
rmSync(join(project, 'src', 'tsconfig.json'), { force: true });
cpSync(join(ROOT, 'tooling/packaging/drive.mjs'), join(project, 'drive.mjs'));

console.log(`${Object.keys(tarballs).length} packages packed, installing them …`);
must(
  'npm',
  ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'],
  project,
);
must('npx', ['prisma', 'generate'], project);
console.log(must('node', ['drive.mjs'], project).trim());
rmSync(project, { recursive: true, force: true });
