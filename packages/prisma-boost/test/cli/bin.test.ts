import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import type { WranglerValues } from '../../src/cli/project/wrangler-config.js';
import { snippet } from '../snippets/page.js';
import { createProject } from '../snippets/project.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const DIRECTORY = fileURLToPath(new URL('../generated/cli', import.meta.url));
const run = promisify(execFile);

test('init makes a project that generates, that Wrangler reads, and that the doctor finds whole', async () => {
  const schema = await snippet(1, 'prisma/schema.prisma');
  const toml = await snippet(1, 'wrangler.toml');
  const code = await snippet(1, 'src/index.ts');
  const project = await createProject({
    directory: DIRECTORY,
    client: 'prisma/generated/client',
    files: {
      'package.json': JSON.stringify({ name: 'my-app', private: true, type: 'module' }),
      'prisma/schema.prisma': schema
        .replace(/generator cache \{.*?\}\n\n/s, '')
        .replace(/^ {2}(url|previewFeatures).*\n/gm, '')
        .replace('prisma-client-js"', 'prisma-client-js"\n  output = "./generated/client"'),
      'wrangler.toml': `main = "src/index.ts"\n${toml.replace(/\[\[kv_namespaces\]\][^[]*/, '')}`,
      'src/index.ts': code,
    },
  });
  const command = (name: string, ...args: string[]) =>
    run(process.execPath, [BIN, name, ...args], { cwd: project.directory });

  await command('init', '--yes');

  const path = join(project.directory, 'wrangler.toml');
  const config = unstable_readConfig({ config: path }) as WranglerValues;
  expect(config.kv_namespaces).toMatchObject([{ binding: 'CACHE' }]);
  expect(config.durable_objects?.bindings).toMatchObject([{ name: 'EPOCH_COORDINATOR' }]);
  await project.generate();
  await project.compile();
  const { stdout } = await command('doctor');
  expect(stdout).toContain('✓ cacheConfig is generated, with 2 models');
  expect(stdout).toContain('✓ Tier free');
  expect(stdout.split('\n').filter((line) => line.startsWith('!'))).toEqual([
    '! KV CACHE has no id yet',
    '! D1 DB has no id yet',
    '! EpochCoordinator is bound and not used',
  ]);
});

test('nothing of the commands is loaded where Prisma starts the generator', async () => {
  const imports = [...(await readFile(BIN, 'utf8')).matchAll(/^import .*?["'](.+?)["'];?$/gm)];
  expect(imports.map(([, module]) => module)).toEqual(['@boost/generator/bin']);
});
