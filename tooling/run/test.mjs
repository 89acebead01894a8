import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BUILD, ROOT, install, readManifest, run, workspaceFolders } from './toolchain.mjs';

/** Everything that proves the repository. Every step runs, so that all failures are seen. `npm test -- STEP …` runs some. */

const folders = workspaceFolders();
const published = folders.filter((folder) => readManifest(folder).private !== true);
const tested = folders.filter((folder) => existsSync(join(folder, 'vitest.config.ts')));
const results = join(ROOT, '.cache', 'test-results');

let passed = 0;
let failed = 0;
/** What failed, said again at the end: the output is long. */
const failures = [];

function fail(what, count = 1) {
  failed += count;
  failures.push(what);
}

function check(title, command, args) {
  console.log(`\n── ${title}`);
  const code = run(command, args);
  if (code === 0) passed += 1;
  else fail(`${title} (exit code ${code})`);
}

/** Runs the tests of a package and counts each of them. */
function vitest(folder) {
  const name = relative(ROOT, folder);
  console.log(`\n── tests of ${name}`);
  const file = join(results, `${name.replaceAll('/', '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  // By itself vitest leaves a core free, which of two is half. No time-out may tell of a busy machine.
  const limits = ['--maxWorkers=100%', '--testTimeout=120000'];
  const args = ['exec', 'vitest', 'run', ...limits, ...reporters];
  const code = run('pnpm', args, { cwd: folder });
  if (!existsSync(file)) {
    fail(`tests of ${name}: no report (exit code ${code})`);
    return;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A test that is left out proves nothing.
  const missing = report.numPendingTests + report.numTodoTests;
  passed += report.numPassedTests;
  if (missing > 0) fail(`tests of ${name}: ${missing} were not run`, missing);
  for (const { assertionResults } of report.testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === 'failed') fail(`tests of ${name}: ${fullName}`);
    }
  }
  // A file that cannot be loaded has no test to count.
  if (code !== 0 && report.numFailedTests === 0) fail(`tests of ${name} (exit code ${code})`);
}

/** Every published package, two at once. */
const eachPublished = (tool, ...args) => {
  const each = published.flatMap((folder) => ['--filter', `./${relative(ROOT, folder)}`]);
  return () =>
    check(tool, 'pnpm', [...each, '--no-sort', '--workspace-concurrency=2', 'exec', tool, ...args]);
};

/** By parts, at once: the types of all packages together do not fit in Node's memory. */
const LINTS = ['lint:packages', 'lint:apps', 'lint:tooling'];
const TURBO_QUIET = ['--output-logs=errors-only', '--log-order=grouped', '--continue'];
const steps = {
  types: () => check('types', 'turbo', ['run', 'typecheck', ...TURBO_QUIET]),
  lint: () => check('eslint', 'turbo', ['run', ...LINTS, ...TURBO_QUIET]),
  format: () => check('prettier', 'prettier', ['--check', '--log-level', 'warn', '.']),
  unused: () => check('knip', 'knip', ['--no-progress', '--no-config-hints']),
  tests: () => tested.forEach(vitest),
  publint: eachPublished('publint', '--strict', '.'),
  attw: eachPublished('attw', '--pack', '.', '--profile', 'esm-only', '--quiet'),
  docs: () => check('documentation', 'turbo', ['run', 'site', ...TURBO_QUIET]),
  size: () => check('size-limit', 'size-limit', []),
  packaging: () =>
    check('packages as users install them', 'node', [join(ROOT, 'tooling/packaging/main.mjs')]),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. There are ${Object.keys(steps).join(', ')}.`);
  process.exit(1);
}

install();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
check('build', 'turbo', [...BUILD, '--continue']);
for (const [name, step] of Object.entries(steps)) {
  if (chosen.length === 0 || chosen.includes(name)) step();
}

if (failures.length > 0)
  console.log(`\nFailed:\n${failures.map((what) => `  ✗ ${what}`).join('\n')}`);
console.log(`\n${passed === 0 ? 'none' : passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
