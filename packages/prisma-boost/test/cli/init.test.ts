import { describe, expect, test } from 'vitest';
import { createFolder, type Files } from './folder.js';

const SCHEMA = `generator client {
  provider = "prisma-client" // of Prisma
}

datasource db {
  provider = "sqlite"
}

model Post {
  id Int @id
}
`;

const WITH_GENERATOR = SCHEMA.replace(
  '}\n\ndatasource',
  '}\n\ngenerator cache {\n  provider = "prisma-boost"\n  output   = "./generated"\n}\n\ndatasource',
);

const TOML = `name = "my-app"
main = "src/index.ts" # the worker
compatibility_date = "2024-01-01"
`;

const BOOST_TOML = `
[[kv_namespaces]]
binding = "CACHE"
id = "your-kv-namespace-id"

[[durable_objects.bindings]]
name = "EPOCH_COORDINATOR"
class_name = "EpochCoordinator"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["EpochCoordinator"]
`;

const MAIN = `export default { fetch: () => new Response('ok') };\n`;
const EXPORT = `\nexport { EpochCoordinator } from 'prisma-boost/coordinator';\n`;

const PROJECT: Files = {
  'prisma/schema.prisma': SCHEMA,
  'wrangler.toml': TOML,
  'src/index.ts': MAIN,
};

describe('init', () => {
  test('adds the generator, the bindings and the export, and the second time nothing', async () => {
    const folder = await createFolder(PROJECT);

    const { exitCode, output } = await folder.run('init', '--yes');

    expect(exitCode).toBe(0);
    expect(await folder.read('prisma/schema.prisma')).toBe(WITH_GENERATOR);
    expect(await folder.read('wrangler.toml')).toBe(TOML + BOOST_TOML);
    expect(await folder.read('src/index.ts')).toBe(MAIN + EXPORT);
    expect(output).toContain('+  provider = "prisma-boost"');
    expect(output).not.toMatch(/^-(?!-)/m);
    expect(output).toContain('npm install prisma-boost');
    expect(output).toContain('npx wrangler kv namespace create CACHE');

    const again = await folder.run('init', '--yes');
    expect(again).toEqual({ exitCode: 0, output: 'Nothing to add: it is all there.\n' });
  });

  test('leaves the coordinator out, and names the binding as told', async () => {
    const folder = await createFolder(PROJECT);
    await folder.run('init', '--yes', '--no-coordinator', '--kv', 'STORE');
    expect(await folder.read('wrangler.toml')).toBe(
      `${TOML}\n[[kv_namespaces]]\nbinding = "STORE"\nid = "your-kv-namespace-id"\n`,
    );
    expect(await folder.read('src/index.ts')).toBe(MAIN);
  });

  test('keeps the comments and the indentation of wrangler.jsonc', async () => {
    const jsonc = `{
    // The worker.
    "main": "src/index.ts",
    "kv_namespaces": [
        { "binding": "OTHER", "id": "1" }, // of something else
    ],
    "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Room"] }]
}
`;
    const { 'wrangler.toml': _, ...files } = PROJECT;
    const folder = await createFolder({ ...files, 'wrangler.jsonc': jsonc });

    expect((await folder.run('init', '--yes')).exitCode).toBe(0);

    const written = await folder.read('wrangler.jsonc');
    expect(written).toContain('    // The worker.\n');
    expect(written).toContain('// of something else');
    expect(written).toContain('\n    "durable_objects": {\n        "bindings": [');
    expect(JSON.parse(written.replace(/\/\/.*$/gm, '').replace(/,(?=\s*[\]}])/g, ''))).toEqual({
      main: 'src/index.ts',
      kv_namespaces: [
        { binding: 'OTHER', id: '1' },
        { binding: 'CACHE', id: 'your-kv-namespace-id' },
      ],
      durable_objects: {
        bindings: [{ name: 'EPOCH_COORDINATOR', class_name: 'EpochCoordinator' }],
      },
      migrations: [
        { tag: 'v1', new_sqlite_classes: ['Room'] },
        { tag: 'v2', new_sqlite_classes: ['EpochCoordinator'] },
      ],
    });
    expect((await folder.run('init', '--yes')).output).toContain('it is all there');
  });

  test.each([
    ['an inline list', 'kv_namespaces = [{ binding = "OTHER", id = "1" }]\n'],
    ['an inline table', 'durable_objects = { bindings = [] }\n'],
  ])('says what to add by hand where TOML cannot be added to: %s', async (_, inline) => {
    const folder = await createFolder({ ...PROJECT, 'wrangler.toml': TOML + inline });
    const { exitCode, output } = await folder.run('init', '--yes');
    expect(exitCode).toBe(1);
    expect(output).toContain('By hand:');
    expect(output).toContain('[[durable_objects.bindings]]');
    expect(await folder.read('wrangler.toml')).toBe(TOML + inline);
    expect(await folder.read('prisma/schema.prisma')).toBe(WITH_GENERATOR);
  });

  test('touches nothing of what is there under other names', async () => {
    const files = {
      'models.prisma': WITH_GENERATOR.replace('generator cache', 'generator mine'),
      'prisma.config.ts': `export default { schema: './models.prisma' };`,
      'wrangler.toml': `${TOML}${BOOST_TOML.replace('"EPOCH_COORDINATOR"', '"ORDER"').replace('new_sqlite_classes', 'new_classes')}`,
      'src/index.ts': `export { EpochCoordinator } from './coordinator';\n${MAIN}`,
    };
    const folder = await createFolder(files);
    expect((await folder.run('init', '--yes')).output).toContain('it is all there');
  });

  test('gives the generator another name where "cache" is taken', async () => {
    const taken = SCHEMA.replace('generator client', 'generator cache');
    const folder = await createFolder({ ...PROJECT, 'prisma/schema.prisma': taken });
    await folder.run('init', '--yes');
    expect(await folder.read('prisma/schema.prisma')).toContain('generator boost {');
  });

  test('finds the file with the generators in a folder of schemas', async () => {
    const folder = await createFolder({
      'prisma/schema/a.prisma': 'model Comment {\n  id Int @id\n}\n',
      'prisma/schema/base.prisma': SCHEMA,
      'wrangler.toml': TOML,
      'src/index.ts': MAIN,
    });
    await folder.run('init', '--yes');
    expect(await folder.read('prisma/schema/base.prisma')).toBe(WITH_GENERATOR);
  });

  test('says what a project without schema, configuration and main needs', async () => {
    const folder = await createFolder({ 'package.json': '{}' });
    const { exitCode, output } = await folder.run('init', '--yes');
    expect(exitCode).toBe(1);
    expect(output).toContain('--schema');
    expect(output).toContain('--config');
    expect(output).toContain("export { EpochCoordinator } from 'prisma-boost/coordinator';");
  });

  test('says where the configuration cannot be read', async () => {
    const folder = await createFolder({ ...PROJECT, 'wrangler.toml': 'name = my-app' });
    const { exitCode, output } = await folder.run('init', '--yes');
    expect(exitCode).toBe(1);
    expect(output).toMatch(/wrangler\.toml cannot be read: .*\[BOOST_PROJECT_INVALID\]/s);
  });
});

describe('init asks', () => {
  test('and writes nothing where nobody can answer', async () => {
    const folder = await createFolder(PROJECT);
    const { exitCode, output } = await folder.run('init');
    expect(exitCode).toBe(1);
    expect(output).toContain('+generator cache {');
    expect(output).toContain('--yes');
    expect(await folder.read('wrangler.toml')).toBe(TOML);
  });

  test.each([
    ['y', 0, WITH_GENERATOR],
    ['n', 1, SCHEMA],
    ['\u0003', 1, SCHEMA],
  ])('and does as the answer %j says', async (key, expected, schema) => {
    const folder = await createFolder(PROJECT);
    const { exitCode } = await folder.runInteractive(['init'], () => Promise.resolve(key));
    expect(exitCode).toBe(expected);
    expect(await folder.read('prisma/schema.prisma')).toBe(schema);
  });

  test('and writes nothing when a file changes before the answer', async () => {
    const folder = await createFolder(PROJECT);
    const { exitCode, output } = await folder.runInteractive(['init'], async () => {
      await folder.write({ 'src/index.ts': '// Changed\n' });
      return 'y';
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('has changed meanwhile');
    expect(await folder.read('src/index.ts')).toBe('// Changed\n');
    expect(await folder.read('prisma/schema.prisma')).toBe(SCHEMA);
  });
});

describe('the command line', () => {
  test('without arguments lists the commands', async () => {
    const folder = await createFolder({});
    const { exitCode, output } = await folder.run();
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^ {2}init .*^ {2}doctor /ms);
  });

  test.each([[['bogus']], [['init', '--bogus']]])('refuses %j', async (args) => {
    const folder = await createFolder({});
    const { exitCode, output } = await folder.run(...args);
    expect(exitCode).toBe(1);
    expect(output).toContain('bogus');
  });
});
