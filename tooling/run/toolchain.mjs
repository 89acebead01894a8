import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The versions that the project runs under, whatever started it. The pnpm is the one that package.json names. */
const NODE_VERSION = '24.21.0';
const PNPM_VERSION = readManifest(ROOT).packageManager.replace(/^pnpm@/, '');

const CACHE = join(ROOT, '.cache');
const TOOLCHAIN = join(CACHE, 'toolchain');
const BINARIES = join(TOOLCHAIN, 'node_modules');

/** Both try again soon, so that a registry that does not answer is told of in less than a minute. */
const NPM_RETRIES = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
const PNPM_RETRIES = ['--config.fetch-retry-mintimeout=1000', '--config.fetch-retry-factor=1'];

/** What says that a registry did not answer, as npm and pnpm print it. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL|ERR_PNPM_\w*NETWORK_ERROR)\b/;

/** The manifest of the package in a folder. */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The folders of all packages of the workspace, sorted. */
export function workspaceFolders() {
  return ['packages', 'apps', 'tooling']
    .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .sort();
}

/** The environment of every command: Node 24 and pnpm first on the path, nothing fetched but from the npm registry, no telemetry. */
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
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    WRANGLER_SEND_METRICS: 'false',
  };
}

/** Runs a command to its end, with its output on ours. @returns its exit code */
export function run(command, args, options = {}) {
  const { cwd = ROOT } = options;
  const child = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(),
  });
  return child.status ?? 1;
}

/** Makes sure of Node 24, pnpm, the dependencies, generated code and builds: once slowly, afterwards only what changed. */
export function prepare() {
  install();
  const built = quietly('Building', 'turbo', BUILD);
  if (built.status !== 0) give(`${built.stdout}\n${built.stderr}`, 'The build failed: see above.');
}

/** What turbo is told to build everything, generated code included; what did not change comes from its cache. */
export const BUILD = [
  'run',
  'build',
  'generate',
  '--output-logs=errors-only',
  '--log-order=grouped',
];

/** Makes sure of Node 24, pnpm and the dependencies of the lockfile. */
export function install() {
  ensureToolchain();
  ensureInstalled();
}

function ensureToolchain() {
  const stamp = join(TOOLCHAIN, 'stamp');
  const wanted = `${NODE_VERSION} ${PNPM_VERSION} ${process.platform} ${process.arch}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  mkdirSync(TOOLCHAIN, { recursive: true });
  writeFileSync(join(TOOLCHAIN, 'package.json'), '{ "private": true }\n');
  console.log(`Fetching Node ${NODE_VERSION} and pnpm ${PNPM_VERSION} from the npm registry …`);
  const packages = [`node@${NODE_VERSION}`, `pnpm@${PNPM_VERSION}`];
  const quiet = [
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
    ...NPM_RETRIES,
  ];
  const child = spawnSync('npm', ['install', '--prefix', TOOLCHAIN, ...quiet, ...packages], {
    cwd: TOOLCHAIN,
    encoding: 'utf8',
    env: withoutNpm(),
  });
  if (child.status !== 0) giveInstall(child, 'Node and pnpm could not be installed');
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
  const args = [
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--loglevel=error',
    ...PNPM_RETRIES,
  ];
  const child = quietly('Installing', 'pnpm', args);
  if (child.status !== 0) giveInstall(child, 'The dependencies could not be installed');
  writeFileSync(stamp, wanted);
}

/** A digest of everything that decides what is installed. */
function manifestsDigest() {
  const hash = createHash('sha256').update(NODE_VERSION);
  const manifests = [ROOT, ...workspaceFolders()].map((folder) => join(folder, 'package.json'));
  for (const path of [
    join(ROOT, 'pnpm-lock.yaml'),
    join(ROOT, 'pnpm-workspace.yaml'),
    ...manifests,
  ])
    hash.update(readFileSync(path));
  return hash.digest('hex');
}

/** Runs a command whose output matters only when it fails. */
function quietly(title, command, args) {
  const started = Date.now();
  const child = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 2 ** 28,
  });
  const seconds = (Date.now() - started) / 1000;
  if (child.status === 0 && seconds > 3) console.log(`${title}: done in ${seconds.toFixed(0)} s`);
  return child;
}

function giveInstall(child, what) {
  const output = `${child.stdout}\n${child.stderr}`;
  if (!UNREACHABLE.test(output)) give(output, `${what}: see above.`);
  give(
    '',
    `${what}: the npm registry cannot be reached. Connect to it (or set "registry" in your .npmrc) and run the command again.`,
  );
}

function give(output, line) {
  if (output.trim() !== '') console.error(output.trim());
  console.error(line);
  process.exit(1);
}
