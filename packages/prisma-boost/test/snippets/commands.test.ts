import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { PAGES, snippetsIn, textOf } from './page.js';

/** The lines that pages show for a shell. */

interface Line {
  /** Where it is run, within the repository. */
  readonly folder: string;
  readonly command: string;
}

/** The commands of a page: those of `docs` are run at the root, those of a README beside it, after `cd` somewhere else. */
async function linesOf(page: string): Promise<readonly Line[]> {
  const home = page.startsWith('docs/') ? '.' : dirname(page);
  const blocks = snippetsIn(await textOf(page)).filter(
    ({ language, file }) => language === 'sh' && file === undefined,
  );
  return blocks.flatMap(({ text }) =>
    text.split('\n').flatMap((line) => {
      let folder = home;
      return line.split(' && ').flatMap((command) => {
        const into = /^cd (\S+)$/.exec(command)?.[1];
        folder = into ?? folder;
        return into === undefined && command !== '' ? [{ folder, command }] : [];
      });
    }),
  );
}

/** The `scripts` of a folder, as one runs them. */
async function scriptsOf(folder: string): Promise<readonly string[]> {
  const path = join(folder, 'package.json');
  if (!existsSync(new URL(`../../../../${path}`, import.meta.url))) return [];
  const { scripts = {} } = JSON.parse(await textOf(path)) as { scripts?: object };
  return Object.keys(scripts).flatMap((name) => [
    `npm run ${name}`,
    `npm ${name}`,
    `pnpm ${name}`,
    `pnpm exec ${name}`,
  ]);
}

const lines = (await Promise.all(PAGES.map(linesOf))).flat();

test('commands exist', async () => {
  const tasks = (JSON.parse(await textOf('turbo.json')) as { tasks: object }).tasks;
  const commands = globSync('*.ts', { cwd: new URL('../../src/cli/commands', import.meta.url) });
  const everywhere = [
    ...Object.keys(tasks).map((name) => `pnpm exec turbo run ${name}`),
    ...commands.map((file) => `npx prisma-boost ${file.replace(/\.ts$/, '')}`),
    ...['npm install', 'npx prisma generate', 'npx wrangler', 'npx prisma migrate'],
    ...['pnpm install', 'pnpm changeset', 'pnpm exec vitest run', 'pnpm exec tsc'],
  ];
  const unknown: Line[] = [];
  for (const line of lines.filter(({ command }) => /^(npm|npx|pnpm) /.test(command))) {
    const known = [...everywhere, ...(await scriptsOf(line.folder))];
    if (!known.some((start) => line.command.startsWith(start))) unknown.push(line);
  }
  expect(unknown).toEqual([]);
});

test('requests are on a page whose requests an example is sent', async () => {
  const sent = await Promise.all(
    ['docs/getting-started-by-level.md', 'apps/level-1-d1/README.md'].map(textOf),
  );
  const requests = lines.filter(({ command }) => command.startsWith('curl'));
  expect(requests.length).toBeGreaterThan(40);
  expect(requests.filter(({ command }) => !sent.join('\n').includes(command))).toEqual([]);
});
