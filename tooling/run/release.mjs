import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { must, pack, publishedFolders } from './packing.mjs';
import { ROOT, prepare, run } from './toolchain.mjs';

/**
 * `pnpm release --dry-run`: versions, changelogs and tarballs as the changesets ask for, made of a copy: nothing here changes.
 * `pnpm release`: publishes the versions that `changeset version` gave.
 */

const OUTPUT = join(ROOT, '.cache', 'release');
/** What no package needs of the working tree, or the copy gets by itself. */
const LEFT_OUT = new Set(['node_modules', '.cache', '.turbo', '.git', '.wrangler', 'generated']);

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
prepare();
process.exit(values['dry-run'] ? dryRun() : publish());

function publish() {
  const pending = changesets();
  if (pending.length === 0) return run('changeset', ['publish']);
  console.error(
    `${pending.length} changesets have no version yet: run "pnpm changeset version", commit what it writes, and release that.`,
  );
  return 1;
}

function dryRun() {
  const copy = mkdtempSync(join(tmpdir(), 'boost-release-'));
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  must('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts'], copy);
  must('pnpm', ['exec', 'changeset', 'version'], copy);
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  console.log(`${changesets().length} changesets make these versions:\n`);
  const problems = publishedFolders(copy).flatMap(packOne);
  rmSync(copy, { recursive: true, force: true });
  for (const problem of problems) console.error(`✗ ${problem}`);
  console.log(`\nTarballs in ${relative(ROOT, OUTPUT)}. Nothing was published.`);
  return problems.length === 0 ? 0 : 1;
}

/** @returns what is wrong with the tarball */
function packOne(folder) {
  const { file, files, manifest, missing } = pack(folder, OUTPUT);
  const { name, version, dependencies, peerDependencies } = manifest;
  const size = `${(statSync(file).size / 1000).toFixed(0)} kB`;
  console.log(`  ${name.padEnd(24)}${version.padEnd(8)}${size.padStart(8)}  ${files.length} files`);
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  const ranges = Object.entries({ ...dependencies, ...peerDependencies });
  const unusable = ranges.filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range));
  return [
    ...missing.map((wanted) => `${name} packs no ${wanted}`),
    ...(changelog.includes(`\n## ${version}\n`)
      ? []
      : [`the changelog of ${name} has no ${version}`]),
    ...unusable.map(([of, range]) => `${name} depends on ${of} as "${range}"`),
  ];
}

function changesets() {
  return readdirSync(join(ROOT, '.changeset')).filter((name) => name.endsWith('.md'));
}
