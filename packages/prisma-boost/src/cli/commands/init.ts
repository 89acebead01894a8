import { confirm, isCancel } from '@clack/prompts';
import { BoostError } from '@boost/core';
import { Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readText } from '../project/files.js';
import { openProject, type Project, type ProjectPaths } from '../project/project.js';
import { KV_ID } from '../init/missing-bindings.js';
import { type Addition, type InitOptions, planInit } from '../init/plan.js';
import { type Colour, coloured, line, type Terminal } from '../terminal.js';

interface InitArguments extends ProjectPaths, InitOptions {
  readonly yes?: true;
}

/** `prisma-boost init`: adds what a project needs, once it has shown what that is and was told to. */
export function initCommand(terminal: Terminal, done: (exitCode: number) => void): Command {
  return new Command('init')
    .description(
      'Add the generator block, the bindings and the export of the coordinator to a project',
    )
    .option('-y, --yes', 'do not ask')
    .option('--no-coordinator', 'without the Durable Object that orders writes (levels 1 to 4)')
    .option('--kv <binding>', 'name of the KV binding', 'CACHE')
    .option('--config <path>', "Wrangler's configuration")
    .option('--schema <path>', 'the Prisma schema, a file or a folder')
    .action(async (options: InitArguments) => {
      done(await init(terminal, options));
    });
}

async function init(terminal: Terminal, options: InitArguments): Promise<number> {
  const project = await openProject(terminal.cwd, options);
  const steps = planInit(project, options);
  const additions = steps.flatMap(({ addition }) => addition ?? []);
  const byHand = steps.flatMap((step) => step.byHand ?? []);
  for (const addition of additions) showDiff(terminal, addition);
  for (const text of byHand)
    line(terminal, `${coloured(terminal, 'yellow', 'By hand:')} ${text}\n`);
  if (additions.length === 0) {
    line(terminal, byHand.length === 0 ? 'Nothing to add: it is all there.' : 'Nothing was added.');
    return byHand.length === 0 ? 0 : 1;
  }
  if (options.yes !== true && !(await isWanted(terminal))) {
    line(terminal, 'Nothing was written.');
    return 1;
  }
  await write(additions);
  for (const { path } of additions) line(terminal, `Wrote ${relative(terminal.cwd, path)}`);
  await showNext(terminal, project, options);
  return byHand.length === 0 ? 0 : 1;
}

const COLOURS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '@': 'cyan' };

function showDiff(terminal: Terminal, { path, before, after }: Addition): void {
  const name = relative(terminal.cwd, path);
  const patch = createTwoFilesPatch(name, name, before, after, undefined, undefined, {
    context: 2,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
  for (const text of patch.trimEnd().split('\n')) {
    const colour = COLOURS[text[0] ?? ''];
    line(terminal, colour === undefined ? text : coloured(terminal, colour, text));
  }
  line(terminal);
}

async function isWanted({ input, output, isInteractive, ...terminal }: Terminal): Promise<boolean> {
  if (!isInteractive) {
    line(
      { input, output, isInteractive, ...terminal },
      'Nobody can be asked here: run it again with --yes.',
    );
    return false;
  }
  const answer = await confirm({ message: 'Write this?', input, output });
  return !isCancel(answer) && answer;
}

/** @throws BoostError `BOOST_PROJECT_INVALID` where a file is not what it was when it was read; nothing is written then */
async function write(additions: readonly Addition[]): Promise<void> {
  for (const { path, before } of additions) {
    if ((await readFile(path, 'utf8')) === before) continue;
    throw new BoostError(
      'BOOST_PROJECT_INVALID',
      `${path} has changed meanwhile, and nothing was written: run init again`,
      { details: { path } },
    );
  }
  for (const { path, after } of additions) await writeFile(path, after);
}

async function showNext(terminal: Terminal, { root }: Project, { kv }: InitOptions): Promise<void> {
  const manifest = await readText(join(root, 'package.json'));
  const isInstalled = manifest?.text.includes('"prisma-boost"') === true;
  const steps = [
    ...(isInstalled ? [] : ['npm install prisma-boost']),
    `npx wrangler kv namespace create ${kv}   # its id in place of "${KV_ID}"`,
    'npx prisma generate',
    'npx prisma-boost doctor   # says what is missing in the code, too',
  ];
  line(terminal, '\nNext:');
  for (const step of steps) line(terminal, `  ${step}`);
}
