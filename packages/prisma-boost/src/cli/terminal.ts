import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';

/** Where a command runs, and whom it speaks with. */
export interface Terminal {
  /** Folder of the project. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Readable;
  readonly output: Writable;
  /** Whether somebody is there to be asked. */
  readonly isInteractive: boolean;
}

export type Colour = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow';

export function line(terminal: Terminal, text = ''): void {
  terminal.output.write(`${text}\n`);
}

/** Coloured where the output shows colours and `NO_COLOR` does not forbid them. */
export function coloured(terminal: Terminal, colour: Colour, text: string): string {
  const isShown = 'isTTY' in terminal.output && terminal.output.isTTY === true;
  if (!isShown || process.env['NO_COLOR'] !== undefined) return text;
  return styleText(colour, text, { validateStream: false });
}
