import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateClient } from '@boost-tooling/database';
import { median, type BenchGroup } from './group.ts';

const run = promisify(execFile);
const MODELS = 100;
const ROUNDS = 3;
const DIRECTORY = fileURLToPath(new URL('../generated/types', import.meta.url));
const TSC = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'lib/tsc.js',
);

/** How long the compiler takes for an application of 100 models, with the extension and without. The bar is missed at present. */
export const typesGroup: BenchGroup = {
  name: 'types',
  about:
    '`tsc` of an application with 100 models: with the extension, with an empty one, and without',
  bars: { 'types.tsc_vs_plain': { max: 1.3 } },
  async run() {
    try {
      await generateClient({
        schema: schemaText(),
        directory: DIRECTORY,
        options: ['importFileExtension = "ts"', 'moduleFormat = "esm"', 'runtime = "nodejs"'],
      });
      await Promise.all(VARIANTS.map((name) => project(name)));
      const rounds: Readonly<Record<Variant, number>>[] = [];
      // The first round warms up.
      for (let round = 0; round <= ROUNDS; round++) {
        const times = { plain: 0, empty: 0, boost: 0 };
        for (const name of VARIANTS) times[name] = await compile(name);
        if (round > 0) rounds.push(times);
      }
      return {
        'types.tsc_plain_s': median(rounds.map(({ plain }) => plain)),
        'types.tsc_empty_vs_plain': median(rounds.map(({ plain, empty }) => empty / plain)),
        'types.tsc_vs_plain': median(rounds.map(({ plain, boost }) => boost / plain)),
      };
    } finally {
      await rm(DIRECTORY, { recursive: true, force: true });
    }
  },
};

/** What the application's client is made by. `empty` is what Prisma itself takes for any extension. */
const CLIENTS = {
  plain: 'export const prisma = base;',
  empty: 'export const prisma = base.$extends({});',
  boost: `import { createCacheExtension, type CacheExtensionOptions } from '@boost/prisma';
declare const options: CacheExtensionOptions;
export const prisma = base.$extends(createCacheExtension(options));`,
} as const;

type Variant = keyof typeof CLIENTS;

const VARIANTS = ['plain', 'empty', 'boost'] as const;

async function project(name: Variant): Promise<void> {
  const directory = join(DIRECTORY, name);
  const reads = Array.from({ length: MODELS }, (_, at) => readsOf(at)).join('\n');
  const compilerOptions = {
    ...{ target: 'ES2023', module: 'ESNext', moduleResolution: 'Bundler', strict: true },
    ...{ noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ['node'] },
  };
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'client.ts'),
    `import { PrismaClient } from '../client/client.ts';\ndeclare const base: PrismaClient;\n${CLIENTS[name]}\n`,
  );
  await writeFile(join(directory, 'reads.ts'), `import { prisma } from './client.ts';\n${reads}\n`);
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['reads.ts'] }),
  );
}

/** Queries of one model whose results are used, so that the compiler has to know what they are. */
function readsOf(at: number): string {
  const model = `model${String(at)}`;
  return `export async function ${model}(): Promise<string> {
  const rows = await prisma.${model}.findMany({ where: { name: 'a' }, include: { parent: true } });
  const row = await prisma.${model}.findUnique({ where: { id: 1 }, select: { name: true, count: true } });
  await prisma.${model}.update({ where: { id: 1 }, data: { count: { increment: 1 } } });
  return (rows[0]?.parent?.name ?? '') + (row?.name ?? '') + String(row?.count);
}`;
}

/**
 * Groups of ten models: the first one of each is what the others belong to, and itself belongs to the first one of all. Prisma's own types
 * do not survive a ring of 100 models in an extension that is a function, whatever it does.
 */
function schemaText(): string {
  const parentOf = (at: number): number => (at % 10 === 0 ? 0 : at - (at % 10));
  const models = Array.from({ length: MODELS }, (_, at) => {
    const parent = parentOf(at);
    const children = Array.from({ length: MODELS }, (__, child) => child).filter(
      (child) => child !== 0 && parentOf(child) === at,
    );
    return `model Model${String(at)} {
  id Int @id @default(autoincrement())
  name String
  count Int @default(0)
  isOpen Boolean @default(false)
  createdAt DateTime @default(now())
  parentId Int?
  parent Model${String(parent)}? @relation("from${String(at)}", fields: [parentId], references: [id])
${at === 0 ? '  roots Model0[] @relation("from0")\n' : ''}${children.map((child) => `  children${String(child)} Model${String(child)}[] @relation("from${String(child)}")`).join('\n')}
}`;
  });
  return ['datasource db {\n  provider = "sqlite"\n}', ...models].join('\n\n');
}

/** @returns seconds */
async function compile(name: Variant): Promise<number> {
  const started = performance.now();
  await run(process.execPath, [TSC, '-p', join(DIRECTORY, name)]);
  return (performance.now() - started) / 1_000;
}
