import { type Check, failure, type Finding, ok } from './finding.js';

/** From here on `nodejs_compat` has what `pg` needs of Node. */
const NODE_APIS_SINCE = '2024-09-23';
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The compatibility date, and the flags for what the sources import. */
export const checkCompatibility: Check = ({ wrangler, sources }) => {
  if (wrangler === undefined) return [];
  const { compatibility_date: date, compatibility_flags: flags = [] } = wrangler.values;
  if (date === undefined || !DATE.test(date)) {
    return [
      failure(
        date === undefined ? 'No compatibility_date' : `compatibility_date "${date}" is no date`,
        `give one as ${NODE_APIS_SINCE}, in Wrangler's configuration`,
      ),
    ];
  }
  const findings: Finding[] = [];
  const isImported = (module: RegExp): boolean => sources.some(({ text }) => module.test(text));
  const hasNode = flags.includes('nodejs_compat') || flags.includes('nodejs_compat_v2');
  const usesPg = isImported(/from\s+['"](?:pg|@prisma\/adapter-pg)['"]/);
  if (usesPg && !(hasNode && (date >= NODE_APIS_SINCE || flags.includes('nodejs_compat_v2')))) {
    findings.push(
      failure(
        'pg needs Node APIs that the worker is not given',
        `compatibility_date from ${NODE_APIS_SINCE} on, and compatibility_flags = ["nodejs_compat"]`,
      ),
    );
  }
  const usesAsyncHooks = isImported(/from\s+['"](?:node:)?async_hooks['"]/);
  if (usesAsyncHooks && !hasNode && !flags.includes('nodejs_als')) {
    findings.push(
      failure(
        'AsyncLocalStorage is used without the flag for it',
        'compatibility_flags = ["nodejs_als"], or "nodejs_compat"',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`compatibility_date ${date}`)];
};
