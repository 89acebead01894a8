import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, environment, readManifest } from '../run/toolchain.mjs';

/**
 * Packs every published package, installs the tarballs into an empty project outside of the workspace, generates with them, and
 * runs the level-1 worker from them: what users get.
 */

const APP = join(ROOT, 'apps', 'level-1-d1');
const PACKED = ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE', 'package.json'];
const project = mkdtempSync(join(tmpdir(), 'boost-packaging-'));

function run(command, args, cwd) {
  try {
    return execFileSync(command, args, {
      cwd,
      env: { ...environment(), CI: 'true' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    console.error(`${command} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`);
    process.exit(1);
  }
}

const tarballs = {};
mkdirSync(join(project, 'tarballs'));
for (const folder of readdirSync(join(ROOT, 'packages'))) {
  const directory = join(ROOT, 'packages', folder);
  if (!existsSync(join(directory, 'package.json'))) continue;
  const manifest = readManifest(directory);
  if (manifest.private === true) continue;
  const [packed] = [
    JSON.parse(
      run('pnpm', ['pack', '--json', '--pack-destination', join(project, 'tarballs')], directory),
    ),
  ].flat();
  tarballs[manifest.name] = `file:${packed.filename}`;
  const missing = PACKED.filter((wanted) => !packed.files.some(({ path }) => path === wanted));
  if (missing.length > 0) {
    console.error(`${manifest.name} packs no ${missing.join(', no ')}`);
    process.exitCode = 1;
  }
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
run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'], project);
run('npx', ['prisma', 'generate'], project);
console.log(run('node', ['drive.mjs'], project).trim());
rmSync(project, { recursive: true, force: true });
