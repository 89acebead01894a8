import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, prepare, run } from './toolchain.mjs';

/** Everything that proves the repository. Every step runs, so that all failures are seen. `npm test -- NAME …` runs some. */

prepare();

const results = join(ROOT, '.cache', 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const folders = ['packages', 'apps', 'tooling'].flatMap((parent) =>
  existsSync(join(ROOT, parent))
    ? readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name))
    : [],
);
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const packages = folders.filter((folder) => existsSync(join(folder, 'package.json')));
const published = packages.filter((folder) => manifestOf(folder).private !== true);
const tested = packages.filter((folder) => existsSync(join(folder, 'vitest.config.ts')));

let passed = 0;
let failed = 0;

function check(name, command, args, options) {
  console.log(`\n── ${name}`);
  const ok = run(command, args, options) === 0;
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

function vitest(folder) {
  const name = relative(ROOT, folder);
  console.log(`\n── tests of ${name}`);
  const file = join(results, `${name.replaceAll('/', '-')}.json`);
  const args = [
    'exec',
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = run('pnpm', args, { cwd: folder });
  if (!existsSync(file)) {
    failed += 1;
    return;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that cannot be loaded has no test to count.
  if (code !== 0 && report.numFailedTests === 0) failed += 1;
}

const steps = {
  typecheck: () =>
    check('types', 'turbo', ['run', 'typecheck', '--output-logs=errors-only', '--continue']),
  lint: () => check('eslint', 'eslint', ['.', '--max-warnings', '0']),
  format: () => check('prettier', 'prettier', ['--check', '--log-level', 'warn', '.']),
  unused: () => check('knip', 'knip', ['--no-progress']),
  vitest: () => tested.forEach(vitest),
  publint: () =>
    published.forEach((folder) =>
      check(`publint ${relative(ROOT, folder)}`, 'publint', ['--strict', folder]),
    ),
  attw: () =>
    published.forEach((folder) =>
      check(`attw ${relative(ROOT, folder)}`, 'attw', [
        '--pack',
        folder,
        '--profile',
        'esm-only',
        '--quiet',
      ]),
    ),
  size: () => check('size-limit', 'size-limit', []),
  packaging: () =>
    check('packages as users install them', 'node', [join(ROOT, 'tooling/packaging/main.mjs')]),
};

const chosen = process.argv.slice(2).filter((name) => name in steps);
for (const [name, step] of Object.entries(steps)) {
  if (chosen.length === 0 || chosen.includes(name)) step();
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
