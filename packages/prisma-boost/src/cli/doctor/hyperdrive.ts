import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isPlaceholder } from './bindings.js';
import { type Check, failure, type Finding, ok, warning } from './finding.js';
import { findInstalled } from './installed.js';

const run = promisify(execFile);
const TIMEOUT_MS = 30_000;

/** That Hyperdrive does not cache: it would answer with rows from before a write, and they would be stored as new. */
export const checkHyperdrive: Check = async ({ root, wrangler }) => {
  const bound = wrangler?.values.hyperdrive ?? [];
  const withId = bound.flatMap(({ binding, id = '' }) =>
    isPlaceholder(id) ? [] : [{ binding, id }],
  );
  return Promise.all(withId.map(({ binding, id }) => checkOne(root, binding, id)));
};

async function checkOne(root: string, binding: string, id: string): Promise<Finding> {
  const fix = `npx wrangler hyperdrive update ${id} --caching-disabled true`;
  try {
    const isDisabled = await asksWrangler(root, id);
    return isDisabled
      ? ok(`Hyperdrive ${binding} caches nothing itself`)
      : failure(`Hyperdrive ${binding} answers reads from a cache of its own`, fix);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return warning(
      `Whether Hyperdrive ${binding} caches could not be asked: ${why}`,
      `look at "caching" in: npx wrangler hyperdrive get ${id}. To turn it off: ${fix}`,
    );
  }
}

/** @throws Error where Wrangler is not there, not logged in, or tells something else */
async function asksWrangler(root: string, id: string): Promise<boolean> {
  const wrangler = await findInstalled('wrangler', root);
  const bin = wrangler?.bin?.['wrangler'];
  if (wrangler === undefined || bin === undefined) throw new Error('wrangler is not installed');
  const args = [join(wrangler.folder, bin), 'hyperdrive', 'get', id];
  const { stdout } = await run(process.execPath, args, { cwd: root, timeout: TIMEOUT_MS });
  // Above the JSON there is a banner.
  const { caching } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    caching?: { disabled?: boolean };
  };
  return caching?.disabled === true;
}
