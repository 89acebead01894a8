import { Command } from 'commander';
import { checkBindings } from '../doctor/bindings.js';
import { checkCompatibility } from '../doctor/compatibility.js';
import { checkCoordinator } from '../doctor/coordinator.js';
import type { Check, Finding } from '../doctor/finding.js';
import { checkGenerated } from '../doctor/generated.js';
import { checkHyperdrive } from '../doctor/hyperdrive.js';
import { checkVersions } from '../doctor/versions.js';
import { openProject, type ProjectPaths } from '../project/project.js';
import { type Colour, coloured, line, type Terminal } from '../terminal.js';

const CHECKS: readonly Check[] = [
  checkVersions,
  checkGenerated,
  checkBindings,
  checkCompatibility,
  checkHyperdrive,
  checkCoordinator,
];

const SIGNS: Readonly<Record<Finding['level'], readonly [sign: string, colour: Colour]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  error: ['✗', 'red'],
};

/** `prisma-boost doctor`: looks at a project and says what to do. Its exit code is 1 where something does not work. */
export function doctorCommand(terminal: Terminal, done: (exitCode: number) => void): Command {
  return new Command('doctor')
    .description(
      'Check bindings, compatibility, Hyperdrive, what is generated, versions, and the coordinator',
    )
    .option('--config <path>', "Wrangler's configuration")
    .option('--schema <path>', 'the Prisma schema, a file or a folder')
    .action(async (paths: ProjectPaths) => {
      done(await doctor(terminal, paths));
    });
}

async function doctor(terminal: Terminal, paths: ProjectPaths): Promise<number> {
  const project = await openProject(terminal.cwd, paths);
  const findings = (await Promise.all(CHECKS.map(async (check) => check(project)))).flat();
  for (const { level, text, fix } of findings) {
    const [sign, colour] = SIGNS[level];
    line(terminal, `${coloured(terminal, colour, sign)} ${text}`);
    if (fix !== undefined) line(terminal, `  → ${fix}`);
  }
  return findings.some(({ level }) => level === 'error') ? 1 : 0;
}
