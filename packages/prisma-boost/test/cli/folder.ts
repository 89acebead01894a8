import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';

export type Files = Readonly<Record<string, string>>;

/** A project in a folder of its own, and its commands run as in a terminal. */
export interface Folder {
  readonly path: string;
  read(file: string): Promise<string>;
  write(files: Files): Promise<void>;
  /** Runs a command where nobody can be asked. */
  run(...args: string[]): Promise<{ exitCode: number; output: string }>;
  /** Runs a command, and presses a key once it has asked. */
  runInteractive(args: readonly string[], answer: () => Promise<string>): Promise<Answered>;
}

interface Answered {
  readonly exitCode: number;
  readonly output: string;
}

export async function createFolder(
  files: Files,
  environment: Terminal['environment'] = {},
): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'boost-cli-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const folder: Folder = {
    path,
    read: (file) => readFile(join(path, file), 'utf8'),
    async write(more) {
      for (const [file, text] of Object.entries(more)) {
        await mkdir(dirname(join(path, file)), { recursive: true });
        await writeFile(join(path, file), text);
      }
    },
    run: (...args) => run({ cwd: path, environment }, args),
    runInteractive: (args, answer) => run({ cwd: path, environment }, args, answer),
  };
  await folder.write(files);
  return folder;
}

async function run(
  at: Pick<Terminal, 'cwd' | 'environment'>,
  args: readonly string[],
  answer?: () => Promise<string>,
): Promise<Answered> {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  let isAsked = false;
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (answer === undefined || isAsked || !text.includes('Write this?')) return;
    isAsked = true;
    void answer().then((key) => input.write(key));
  });
  const isInteractive = answer !== undefined;
  const exitCode = await runCli(args, { ...at, input, output, isInteractive });
  return { exitCode, output: text };
}
