import { join } from 'node:path';
import { ROOT, prepare, run } from './toolchain.mjs';

/**
 * Prepares the repository and hands over to the program that does the work.
 *
 * @param {string} entry - path from the root of a module that Node runs
 */
export function handOver(entry) {
  prepare();
  process.exit(
    run(
      'node',
      ['--disable-warning=ExperimentalWarning', join(ROOT, entry), ...process.argv.slice(2)],
      { cwd: process.env.INIT_CWD ?? ROOT },
    ),
  );
}
