import { snippet, snippetsOfPage } from './page.js';

/** The applications that the pages of `docs` describe, as files by path. The code stands as it does on the page. */

type Files = Readonly<Record<string, string>>;

export interface Applications {
  /** Folders, one for each application. */
  readonly folders: readonly string[];
  readonly files: Files;
}

export const ON_D1 = {
  level1: 'level-1',
  level3: 'level-3',
  level4: 'level-4',
  level5: 'level-5',
  level6: 'level-6',
  analytics: 'analytics',
} as const;

export const ON_POSTGRESQL = {
  level2: 'level-2',
  transaction: 'transaction',
  invalidation: 'invalidation',
} as const;

/** With it a request of level 5 can write. */
const LAST_OF_LEVEL_5 = 'return Response.json(await prisma.post.findMany());';
const WRITE_FIRST =
  "if (request.method === 'POST') await prisma.post.create({ data: { title: 'one', content: '' } });\n    ";
const AS_LEVEL_1 = '// Same behavior as Level 1';
/** What the pages leave out of the options. */
const OTHERS = /\/\/ (?:\.\.\.|…) other (?:config|options)/g;

/** @param entry - of the generated client: what a worker imports */
export async function applicationsOnD1(entry: string): Promise<Applications> {
  const wrangler = wranglerWith(entry);
  const bindings = await snippet(1, 'wrangler.toml');
  const tenants = await snippet(5, 'wrangler.toml');
  const analytics = await snippetsOfPage('analytics');
  const inspector = (await snippetsOfPage('inspector')).find(({ file }) => file !== undefined);
  const named = (name: string): string =>
    analytics.find(({ file }) => file === name)?.text ?? missing('analytics', name);
  const statements = analytics.filter(({ language, file }) => language === 'ts' && !file);
  if (statements.length !== 3) missing('analytics', 'three examples');
  return {
    folders: Object.values(ON_D1),
    files: {
      'level-1/src/index.ts': await snippet(1, 'src/index.ts'),
      'level-1/src/write.ts': inFunction(await snippet(1, 'src/write.ts')),
      'level-1/wrangler.toml': wrangler(bindings),
      'level-3/src/index.ts': await snippet(3, 'src/index.ts'),
      'level-3/wrangler.toml': wrangler(bindings),
      'level-4/src/index.ts': await snippet(4, 'src/index.ts'),
      'level-4/src/three-tiers.ts': await snippet(4, 'src/three-tiers.ts'),
      'level-4/wrangler.toml': wrangler(bindings),
      'level-5/src/index.ts': replaced(
        await snippet(5, 'src/index.ts'),
        LAST_OF_LEVEL_5,
        WRITE_FIRST + LAST_OF_LEVEL_5,
      ),
      'level-5/src/coordinator.ts': await snippet(5, 'src/coordinator.ts'),
      'level-5/new_sqlite_classes.toml': wrangler(tenants),
      'level-5/new_classes.toml': wrangler(replaced(tenants, 'new_sqlite_classes', 'new_classes')),
      'level-6/src/index.ts': replaced(
        await snippet(6, 'src/index.ts'),
        LAST_OF_LEVEL_5,
        WRITE_FIRST + LAST_OF_LEVEL_5,
      ),
      'level-6/wrangler.toml': wrangler(tenants),
      'analytics/src/index.ts': named('src/index.ts'),
      'analytics/src/inspector.ts': inspector?.text ?? missing('inspector', 'an example'),
      'analytics/src/examples.ts': examplesOfAnalytics(statements.map(({ text }) => text)),
      'analytics/wrangler.toml': wrangler([bindings, named('wrangler.toml')].join('\n')),
    },
  };
}

/** @param url - of the database behind Hyperdrive */
export async function applicationsOnPostgresql(entry: string, url: string): Promise<Applications> {
  const bindings = (await snippet(1, 'wrangler.toml')).split('\n\n');
  const hyperdrive = (await snippet(2, 'wrangler.toml')).trimEnd();
  const wrangler = wranglerWith(entry)(
    [
      'name = "my-app"',
      'compatibility_date = "2024-09-23"',
      'compatibility_flags = ["nodejs_compat"]',
      `${hyperdrive}\nlocalConnectionString = "${url}"`,
      ...bindings.filter((part) => part.startsWith('[[kv_namespaces]]')),
    ].join('\n'),
  );
  const level2 = await snippet(2, 'src/index.ts');
  const worker = (...statements: readonly string[]): string =>
    replaced(level2, AS_LEVEL_1, statements.join('\n'));
  const cached = 'await prisma.user.findUnique({ where: { id: 1 }, include: { orders: true } })';
  return {
    folders: Object.values(ON_POSTGRESQL),
    files: {
      'level-2/src/index.ts': worker(
        'return Response.json(await prisma.post.findMany({ where: { published: true } }));',
      ),
      'transaction/src/index.ts': worker(
        `const before = ${cached};`,
        `if (request.method === 'GET') return Response.json(before);`,
        await snippet(3, 'src/transaction.ts'),
        `return Response.json([user, ${cached}]);`,
      ),
      'invalidation/src/examples.ts': examplesOfInvalidation(
        (await snippetsOfPage('invalidation')).map(({ text }) => text),
      ),
      'invalidation/src/index.ts': worker(
        `const { examples } = await import('./examples');`,
        `const kv = createKVAdapter({ kv: env.CACHE });`,
        `const others = { adapter: kv, config: cacheConfig, version: 'v2', executionCtx: ctx };`,
        `return Response.json(await examples(new PrismaClient({ adapter }), others));`,
      ),
      ...Object.fromEntries(
        Object.values(ON_POSTGRESQL).map((folder) => [`${folder}/wrangler.toml`, wrangler]),
      ),
    },
  };
}

function wranglerWith(entry: string): (toml: string) => string {
  return (toml) =>
    [
      'main = "src/index.ts"',
      toml,
      '[alias]',
      `"@prisma/client" = "./prisma/generated/client/${entry}"`,
    ].join('\n');
}

/** Statements of the page that stand for themselves, in a module that compiles. */
function inFunction(statements: string): string {
  return `import { createCacheExtension } from 'prisma-boost';
import { PrismaClient } from '@prisma/client';

function connect(base: PrismaClient, options: Parameters<typeof createCacheExtension>[0]) {
  return base.$extends(createCacheExtension(options));
}

export async function example(prisma: ReturnType<typeof connect>): Promise<void> {
${statements}}
`;
}

function examplesOfAnalytics(statements: readonly string[]): string {
  return `import { appendFileSync } from 'node:fs';
import { createCacheExtension } from 'prisma-boost';
import {
  affinity,
  createSqlApi,
  detectHotTenants,
  modelPair,
  placementHints,
  spentThisMonth,
  type DataPoint,
} from 'prisma-boost/analytics';
import { PrivateShardRouter, type ShardingOptions } from 'prisma-boost/coordinator';

type Options = Parameters<typeof import('prisma-boost').createCacheExtension>[0];

export function examples(
  others: Options,
  accountId: string,
  apiToken: string,
  sharding: ShardingOptions,
) {
  return [
${statements.map((text) => `    async () => {\n${withOthers(text)}\n    },`).join('\n')}
  ];
}
`;
}

function examplesOfInvalidation(texts: readonly string[]): string {
  const [move, explain, tracking, works, observing, ...more] = texts;
  if (move === undefined || explain === undefined || more.length > 0) {
    return missing('invalidation', 'five examples');
  }
  const [skipped, triggered] = works?.split(/\n\n(?=\/\/ Of an update of status)/) ?? [];
  if (!tracking || !skipped || !triggered || !observing) {
    return missing('invalidation', 'five examples');
  }
  return `import { createCacheExtension } from 'prisma-boost';
import { PrismaClient } from '@prisma/client';

type Options = Parameters<typeof createCacheExtension>[0];

function extend(base: PrismaClient, others: Options) {
  return base.$extends(
${withoutSemicolon(tracking)});
}

function observe(base: PrismaClient, others: Options) {
  return base.$extends(
${withoutSemicolon(observing)});
}

export async function examples(base: PrismaClient, others: Options) {
  const prisma = extend(base, others);
  const statuses: string[] = [];
  // By somebody else: the session that wrote takes no older answer of the model.
  const read = async () => {
    const reader = extend(base, others);
    const { info } = await reader.post
      .findUnique({ where: { id: 1 }, select: { id: true, title: true, content: true } })
      .withCacheInfo();
    await reader.$cleanup();
    statuses.push(info.status);
  };
  await read();
  await read();
${skipped}
  await read();
${triggered}
  await read();
  await observe(base, others).post.update({ where: { id: 1 }, data: { title: 'Observed' } });
${explain}
${move}
  return { statuses, affected: affected?.map(({ name }) => name) };
}
`;
}

function withOthers(text: string): string {
  return text.replaceAll(OTHERS, '...others,');
}

/** A call that stands for itself on the page, as an argument. */
function withoutSemicolon(text: string): string {
  return withOthers(text).trimEnd().replace(/;$/, '');
}

/** Where the page does not have what is replaced, nothing is tried. */
function replaced(text: string, part: string, by: string): string {
  if (!text.includes(part)) missing(part, 'any more');
  return text.replace(part, by);
}

function missing(page: string, what: string): never {
  throw new Error(`The page ${page} has not ${what}.`);
}
