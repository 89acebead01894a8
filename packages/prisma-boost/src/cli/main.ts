import { isBoostError } from '@boost/core';
import { Command, CommanderError } from 'commander';
import { doctorCommand } from './commands/doctor.js';
import { initCommand } from './commands/init.js';
import { reportCommand } from './commands/report.js';
import { line, type Terminal } from './terminal.js';

/** Makes a command of the program. @returns it; its action resolves to the exit code */
export type MakeCommand = (terminal: Terminal, done: (exitCode: number) => void) => Command;

/** A command is a file of `commands/`, and a line here. */
const COMMANDS: readonly MakeCommand[] = [initCommand, doctorCommand, reportCommand];

/** Runs a command line, without the name of the program. @returns the exit code */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = new Command('prisma-boost')
    .description(
      'Caching for Prisma on Cloudflare Workers. Without a command: the generator that "prisma generate" starts.',
    )
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.output.write(text),
    });
  for (const make of COMMANDS) {
    const command = make(terminal, (code) => {
      exitCode = code;
    });
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said what was wrong.
    if (error instanceof CommanderError) return error.exitCode;
    if (!isBoostError(error)) throw error;
    line(terminal, error.message);
    return 1;
  }
}

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  const { argv, stdin, stdout } = process;
  process.exitCode = await runCli(argv.slice(2), {
    cwd: process.cwd(),
    environment: process.env,
    input: stdin,
    output: stdout,
    isInteractive: stdin.isTTY && stdout.isTTY,
  });
}
