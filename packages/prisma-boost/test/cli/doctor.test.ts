import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolder, type Files } from './folder.js';

const manifest = (name: string, version: string, more: object = {}): Files => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version, ...more }),
});

/** What `wrangler hyperdrive get` prints, from Wrangler's place in a project. */
const wrangler = (script: string): Files => ({
  ...manifest('wrangler', '4.0.0', { bin: { wrangler: './bin.js' } }),
  'node_modules/wrangler/bin.js': script,
});

const hyperdriveThat = (caching: object): Files =>
  wrangler(
    `console.log('⛅️ wrangler'); console.log(JSON.stringify(${JSON.stringify({ caching })}));`,
  );

const WRANGLER = `name = "my-app"
main = "src/index.ts"
compatibility_date = "2024-09-23"
compatibility_flags = ["nodejs_compat"]

[[hyperdrive]]
binding = "HYPERDRIVE"
id = "1f"

[[kv_namespaces]]
binding = "CACHE"
id = "2f"

[[durable_objects.bindings]]
name = "EPOCH_COORDINATOR"
class_name = "EpochCoordinator"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["EpochCoordinator"]
`;

const SCHEMA = `generator cache {
  provider = "prisma-boost"
  output   = "./generated"
}

datasource db {
  provider = "postgresql"
}

model Post {
  id Int @id
}
`;

const CONFIG = `export const format = 1;
export const models = {
  "Post": "m|id:I|#id||"
};
`;

const MAIN = `export { EpochCoordinator } from 'prisma-boost/coordinator';
export * from './client';
`;

const CLIENT = `import { PrismaPg } from '@prisma/adapter-pg';
import { AsyncLocalStorage } from 'node:async_hooks';
createCacheExtension({ accountTier: 'pro', coordinator: { namespace: env.EPOCH_COORDINATOR } });
`;

/** A project with which nothing is wrong. */
const SOUND: Files = {
  'wrangler.toml': WRANGLER,
  'prisma/schema.prisma': SCHEMA,
  'prisma/generated/cacheConfig.js': CONFIG,
  'src/index.ts': MAIN,
  'src/client.ts': CLIENT,
  ...manifest('prisma-boost', '1.2.0', { dependencies: { '@boost/core': '1.0.0' } }),
  ...manifest('@boost/core', '1.0.0'),
  ...manifest('@prisma/client', '7.10.1'),
  ...manifest('@prisma/adapter-pg', '7.10.0'),
  ...manifest('prisma', '7.10.1'),
  ...hyperdriveThat({ disabled: true }),
};

const without = (text: string, part: string | RegExp): string => text.replace(part, '');

describe('doctor', () => {
  test('finds nothing wrong with a project that is sound', async () => {
    const folder = await createFolder(SOUND);
    expect(await folder.run('doctor')).toEqual({
      exitCode: 0,
      output: [
        '✓ Prisma 7.10.1',
        '✓ prisma-boost 1.2.0',
        '✓ cacheConfig is generated, with 1 models',
        '✓ KV CACHE',
        '✓ Hyperdrive HYPERDRIVE',
        '✓ compatibility_date 2024-09-23',
        '✓ Hyperdrive HYPERDRIVE caches nothing itself',
        '✓ Tier pro',
        '✓ Coordinator EPOCH_COORDINATOR',
        '',
      ].join('\n'),
    });
  });

  const broken: [name: string, files: Files, finding: string, fix: string][] = [
    [
      'without KV',
      { 'wrangler.toml': without(WRANGLER, /\[\[kv_namespaces\]\]\n.*\n.*\n/) },
      '✗ No KV namespace is bound',
      'npx prisma-boost init',
    ],
    [
      'with the id of a page',
      { 'wrangler.toml': WRANGLER.replace('"2f"', '"your-kv-namespace-id"') },
      '! KV CACHE has no id yet',
      'npx wrangler kv namespace create CACHE',
    ],
    [
      'without the database of its schema',
      { 'prisma/schema.prisma': SCHEMA.replace('postgresql', 'sqlite') },
      '! The schema is for sqlite, and no D1 is bound',
      'bind it',
    ],
    [
      'without a compatibility date',
      { 'wrangler.toml': without(WRANGLER, /compatibility_date.*\n/) },
      '✗ No compatibility_date',
      '2024-09-23',
    ],
    [
      'with a date at which pg does not run',
      { 'wrangler.toml': WRANGLER.replace('2024-09-23', '2024-01-01') },
      '✗ pg needs Node APIs',
      'nodejs_compat',
    ],
    [
      'without the flag for AsyncLocalStorage',
      {
        'wrangler.toml': without(WRANGLER, /compatibility_flags.*\n/),
        'src/client.ts': without(CLIENT, /import \{ PrismaPg.*\n/),
      },
      '✗ AsyncLocalStorage is used without the flag for it',
      'nodejs_als',
    ],
    [
      'whose Hyperdrive caches',
      hyperdriveThat({ disabled: false, max_age: 60 }),
      '✗ Hyperdrive HYPERDRIVE answers reads from a cache of its own',
      'npx wrangler hyperdrive update 1f --caching-disabled true',
    ],
    [
      'whose Hyperdrive caches by default',
      wrangler('console.log(JSON.stringify({ id: "1f" }));'),
      '✗ Hyperdrive HYPERDRIVE answers reads from a cache of its own',
      '--caching-disabled true',
    ],
    [
      'whose Wrangler is not logged in',
      wrangler('console.error("Not logged in."); process.exit(1);'),
      '! Whether Hyperdrive HYPERDRIVE caches could not be asked',
      'npx wrangler hyperdrive get 1f',
    ],
    [
      'without the generator',
      { 'prisma/schema.prisma': without(SCHEMA, /generator[^}]*\}/) },
      '✗ The schema has no generator of prisma-boost',
      'npx prisma-boost init',
    ],
    [
      'that is generated elsewhere',
      { 'prisma/schema.prisma': SCHEMA.replace('./generated', './elsewhere') },
      '✗ Generator cache has not been run',
      'npx prisma generate',
    ],
    [
      'generated by another version',
      { 'prisma/generated/cacheConfig.js': CONFIG.replace('format = 1', 'format = 9') },
      '✗ cacheConfig has format 9',
      'npx prisma generate',
    ],
    [
      'generated before a model was added',
      { 'prisma/schema.prisma': `${SCHEMA}\nmodel Comment {\n  id Int @id\n}\n` },
      '✗ cacheConfig is of an older schema: it has no Comment',
      'npx prisma generate',
    ],
    [
      'with a Prisma that is too old',
      manifest('@prisma/client', '6.15.0'),
      '✗ Prisma 6.15.0 is not supported',
      '6.16',
    ],
    [
      'with Prismas that differ',
      manifest('@prisma/adapter-pg', '7.9.0'),
      '✗ @prisma/adapter-pg is 7.9.0, and @prisma/client is 7.10.1',
      'npm install @prisma/adapter-pg@7.10.1',
    ],
    [
      'with parts of Boost that differ',
      {
        ...manifest('prisma-boost/node_modules/@boost/core', '1.1.0'),
      },
      '! @boost/core is 1.0.0 in the project, and 1.1.0 within prisma-boost',
      'npm install @boost/core@1.1.0',
    ],
    [
      'without the extension',
      { 'src/client.ts': '// createCacheExtension() is for later\n' },
      '✗ No source calls createCacheExtension',
      'extend the client',
    ],
    [
      'whose coordinator is not bound',
      { 'wrangler.toml': without(WRANGLER, /\[\[durable_objects.bindings\]\]\n.*\n.*\n/) },
      '✗ EpochCoordinator is used and not bound',
      'npx prisma-boost init',
    ],
    [
      'whose coordinator no migration creates',
      { 'wrangler.toml': without(WRANGLER, /\[\[migrations\]\][^]*/) },
      '✗ No migration creates EpochCoordinator',
      'npx prisma-boost init',
    ],
    [
      'whose coordinator is not exported',
      { 'src/index.ts': without(MAIN, /^export \{.*\n/) },
      "✗ The worker's module does not export EpochCoordinator",
      'npx prisma-boost init',
    ],
    [
      'whose coordinator is not used',
      { 'src/client.ts': without(CLIENT, /, coordinator: \{.*?\}/) },
      '! EpochCoordinator is bound and not used',
      'coordinator: { namespace: env.EPOCH_COORDINATOR }',
    ],
    [
      'that is strong without coordinator',
      { 'src/client.ts': CLIENT.replace(/coordinator: \{.*?\}/, "consistency: 'strong'") },
      "✗ consistency 'strong' needs a coordinator",
      'npx prisma-boost init',
    ],
    [
      'with a coordinator at the free tier',
      { 'src/client.ts': CLIENT.replace("'pro'", "'free'") },
      "! The coordinator orders writes at tier 'free'",
      "accountTier: 'pro'",
    ],
  ];

  test.each(broken)('says what to do about a project %s', async (_, files, finding, fix) => {
    const folder = await createFolder({ ...SOUND, ...files });
    const { exitCode, output } = await folder.run('doctor');
    const lines = output.split('\n');
    const index = lines.findIndex((text) => text.startsWith(finding));
    expect(index, output).toBeGreaterThanOrEqual(0);
    expect(lines[index + 1]).toContain(`  → `);
    expect(lines[index + 1]).toContain(fix);
    expect(lines.filter((text) => /^[!✗]/.test(text))).toHaveLength(1);
    expect(exitCode).toBe(finding.startsWith('✗') ? 1 : 0);
  });

  test('sees that the schema is newer than what was generated', async () => {
    const folder = await createFolder(SOUND);
    const past = new Date('2020-01-01');
    await utimes(join(folder.path, 'prisma/generated/cacheConfig.js'), past, past);
    const { exitCode, output } = await folder.run('doctor');
    expect(exitCode).toBe(0);
    expect(output).toContain('! The schema was changed after cacheConfig was generated');
  });

  test('says what an empty folder is without', async () => {
    const folder = await createFolder({});
    const { exitCode, output } = await folder.run('doctor');
    expect(exitCode).toBe(1);
    expect(output).toContain('✗ No wrangler.toml or wrangler.jsonc');
    expect(output).toContain('✗ No Prisma schema');
    expect(output).toContain('✗ @prisma/client is not installed');
  });
});
