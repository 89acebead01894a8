import type { WranglerValues } from '../project/wrangler-config.js';
import { type Check, failure, type Finding, ok, warning } from './finding.js';

const RUN_INIT = 'npx prisma-boost init';
/** What stands where an id was not put in: of this project's pages, of Wrangler's and Cloudflare's. */
const PLACEHOLDER = /^$|^<.*>$|\byour\b|^x+$/i;

/** KV for entries, and the database that Prisma's provider speaks to. */
export const checkBindings: Check = ({ wrangler, schema }) => {
  if (wrangler === undefined) {
    return [
      failure('No wrangler.toml or wrangler.jsonc', 'run this where it is, or give --config'),
    ];
  }
  return [...checkKV(wrangler.values), ...checkDatabase(wrangler.values, schema?.provider)];
};

export function isPlaceholder(id: string): boolean {
  return PLACEHOLDER.test(id);
}

function checkKV({ kv_namespaces = [] }: WranglerValues): readonly Finding[] {
  if (kv_namespaces.length === 0) {
    return [failure('No KV namespace is bound: there is nothing to cache in', RUN_INIT)];
  }
  return kv_namespaces.map(({ binding, id }) =>
    id === undefined || isPlaceholder(id)
      ? warning(
          `KV ${binding} has no id yet`,
          `npx wrangler kv namespace create ${binding}, and put the id in place`,
        )
      : ok(`KV ${binding}`),
  );
}

function checkDatabase(
  { d1_databases = [], hyperdrive = [] }: WranglerValues,
  provider: string | undefined,
): readonly Finding[] {
  const isSqlite = provider === 'sqlite';
  const bound = isSqlite ? d1_databases : hyperdrive;
  const name = isSqlite ? 'D1' : 'Hyperdrive';
  if (provider === undefined) return [];
  if (bound.length === 0) {
    return [
      warning(
        `The schema is for ${provider}, and no ${name} is bound`,
        `bind it in Wrangler's configuration, if the worker does not reach its database otherwise`,
      ),
    ];
  }
  return bound.map(({ binding, id, database_id }) =>
    isPlaceholder(id ?? database_id ?? '')
      ? warning(`${name} ${binding} has no id yet`, `npx wrangler ${name.toLowerCase()} list`)
      : ok(`${name} ${binding}`),
  );
}
