import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, prepare, run } from './toolchain.mjs';

/**
 * Prepares the repository and hands over to the program that does the work.
 *
 * @param {string} entry - path from the root of a module that Node runs
 * @param {string} [absent] - what to say where this version has no such program
 */
export function handOver(entry, absent) {
  if (!existsSync(join(ROOT, entry))) {
    console.error(absent ?? `${entry} does not exist in this version.`);
    process.exit(1);
  }
  prepare();
  process.exit(
    run(
      'node',
      ['--disable-warning=ExperimentalWarning', join(ROOT, entry), ...process.argv.slice(2)],
      { cwd: process.env.INIT_CWD ?? ROOT },
    ),
  );
}
