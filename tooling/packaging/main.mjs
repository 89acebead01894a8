import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, environment } from '../run/toolchain.mjs';

/**
 * Packs every published package, installs the tarballs into an empty project outside of the workspace, generates with them, and
 * runs the level-1 worker from them: what users get.
 */

const APP = join(ROOT, 'apps', 'level-1-d1');
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

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const tarballs = {};
mkdirSync(join(project, 'tarballs'));
for (const folder of readdirSync(join(ROOT, 'packages'))) {
  const directory = join(ROOT, 'packages', folder);
  if (!existsSync(join(directory, 'package.json'))) continue;
  const manifest = readJson(join(directory, 'package.json'));
  if (manifest.private === true) continue;
  const [packed] = [
    JSON.parse(
      run('pnpm', ['pack', '--json', '--pack-destination', join(project, 'tarballs')], directory),
    ),
  ].flat();
  tarballs[manifest.name] = `file:${packed.filename}`;
  for (const wanted of ['dist/index.js', 'dist/index.d.ts', 'README.md', 'package.json']) {
    if (!packed.files.some(({ path }) => path === wanted)) {
      console.error(`${manifest.name} packs no ${wanted}`);
      process.exit(1);
    }
  }
}

/** The version that the workspace has, so that the same is tested everywhere. */
const installed = (name) => readJson(join(APP, 'node_modules', name, 'package.json')).version;
const app = readJson(join(APP, 'package.json'));
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
