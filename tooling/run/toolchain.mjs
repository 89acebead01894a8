import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The versions that the project runs under, whatever started it. `packageManager` in package.json names the same pnpm. */
const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, '.cache');
const TOOLCHAIN = join(CACHE, 'toolchain');
const BINARIES = join(TOOLCHAIN, 'node_modules');

/** The environment of every command: Node 24 and pnpm first on the path, no downloads that nothing needs, no telemetry. */
export function environment() {
  const node = join(BINARIES, 'node', 'bin');
  const path = [node, join(BINARIES, '.bin'), join(ROOT, 'node_modules', '.bin'), process.env.PATH];
  return {
    ...process.env,
    PATH: path.join(delimiter),
    // `prisma generate` looks for an engine that it does not use: any executable keeps it from downloading one.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? join(node, 'node'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    WRANGLER_SEND_METRICS: 'false',
  };
}

/** Runs a command to its end, with its output on ours. @returns its exit code */
export function run(command, args, options = {}) {
  const { cwd = ROOT, env = {} } = options;
  const child = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...environment(), ...env },
  });
  return child.status ?? 1;
}

/** Makes sure of Node 24, pnpm, the dependencies, generated code and builds: once slowly, afterwards only what changed. */
export function prepare() {
  ensureToolchain();
  ensureInstalled();
  step(
    'Building',
    'turbo',
    ['run', 'build', 'generate', '--output-logs=errors-only', '--log-order=grouped'],
    'build',
  );
}

function ensureToolchain() {
  const stamp = join(TOOLCHAIN, 'stamp');
  const wanted = `${NODE_VERSION} ${PNPM_VERSION} ${process.platform} ${process.arch}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  mkdirSync(TOOLCHAIN, { recursive: true });
  writeFileSync(join(TOOLCHAIN, 'package.json'), '{ "private": true }\n');
  console.log(`Fetching Node ${NODE_VERSION} and pnpm ${PNPM_VERSION} from the npm registry …`);
  const packages = [`node@${NODE_VERSION}`, `pnpm@${PNPM_VERSION}`];
  const args = [
    'install',
    '--prefix',
    TOOLCHAIN,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...packages,
  ];
  const child = spawnSync('npm', args, { cwd: TOOLCHAIN, encoding: 'utf8', env: withoutNpm() });
  if (child.status !== 0) fail(child.stderr, 'Node and pnpm could not be installed');
  writeFileSync(stamp, wanted);
}

/** npm hands its own settings to scripts; a nested npm must not take them for its own. */
function withoutNpm() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(prefix|workspace|local_prefix)|lifecycle|package)/.test(name),
    ),
  );
}

function ensureInstalled() {
  const stamp = join(CACHE, 'installed');
  const wanted = manifestsDigest();
  const installed = existsSync(join(ROOT, 'node_modules', '.modules.yaml'));
  if (installed && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step(
    'Installing',
    'pnpm',
    ['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'],
    'install',
  );
  writeFileSync(stamp, wanted);
}

function manifestsDigest() {
  const hash = createHash('sha256');
  const folders = ['packages', 'apps', 'tooling'].flatMap((parent) =>
    existsSync(join(ROOT, parent))
      ? readdirSync(join(ROOT, parent)).map((name) => join(parent, name))
      : [],
  );
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...['.', ...folders].map((folder) => join(folder, 'package.json')),
  ];
  for (const file of files) {
    const path = join(ROOT, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function step(title, command, args, name) {
  const started = Date.now();
  const child = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 2 ** 28,
  });
  if (child.status !== 0) fail(`${child.stdout}\n${child.stderr}`, `"${command} ${name}" failed`);
  const seconds = (Date.now() - started) / 1000;
  if (seconds > 3) console.log(`${title}: done in ${seconds.toFixed(0)} s`);
}

function fail(output, what) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(output)) {
    console.error(
      `${what}: the npm registry cannot be reached. Connect to it (or set "registry" in your .npmrc) and run the command again.`,
    );
  } else {
    console.error(output.trim());
    console.error(`${what}: see above.`);
  }
  process.exit(1);
}
