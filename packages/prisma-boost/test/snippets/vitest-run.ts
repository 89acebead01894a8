import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs test files of a project, one after the other, in a process of its own. @returns what Vitest says @throws where a test fails */
export async function runVitest(
  directory: string,
  files: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const require = createRequire(import.meta.url);
  const cli = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
  const { stdout } = await run(
    process.execPath,
    [cli, 'run', ...files, '--no-color', '--no-file-parallelism'],
    {
      cwd: directory,
      env: { ...process.env, ...env },
    },
  );
  return stdout;
}
