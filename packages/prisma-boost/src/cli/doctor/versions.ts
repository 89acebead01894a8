import type { Project } from '../project/project.js';
import { type Check, failure, type Finding, ok, warning } from './finding.js';
import { findInstalled, type Installed } from './installed.js';

const OURS = 'prisma-boost';
/** Prisma's, that have to be of one release. */
const PRISMAS = ['prisma', '@prisma/client'];
const ADAPTERS = ['@prisma/adapter-d1', '@prisma/adapter-pg', '@prisma/adapter-libsql'];

/** That what is installed fits together. */
export const checkVersions: Check = async (project) => [
  ...(await checkPrisma(project)),
  ...(await checkOurs(project)),
];

async function checkPrisma({ root }: Project): Promise<readonly Finding[]> {
  const client = await findInstalled('@prisma/client', root);
  if (client === undefined) {
    return [failure('@prisma/client is not installed', 'npm install @prisma/client')];
  }
  const [major = 0, minor = 0] = numbersOf(client.version);
  if (!(major === 7 || (major === 6 && minor >= 16))) {
    return [
      failure(`Prisma ${client.version} is not supported`, 'Prisma 6.16 or later of 6, or 7'),
    ];
  }
  const others = await installed(root, [...PRISMAS, ...ADAPTERS]);
  const different = others.filter(({ version }) => {
    const [otherMajor, otherMinor] = numbersOf(version);
    return otherMajor !== major || otherMinor !== minor;
  });
  if (different.length === 0) return [ok(`Prisma ${client.version}`)];
  return different.map(({ name, version }) =>
    failure(
      `${name} is ${version}, and @prisma/client is ${client.version}`,
      `npm install ${name}@${client.version}`,
    ),
  );
}

/** Packages of ours that the project pins beside those that `prisma-boost` brings. */
async function checkOurs({ root }: Project): Promise<readonly Finding[]> {
  const umbrella = await findInstalled(OURS, root);
  if (umbrella === undefined) {
    return [failure(`${OURS} is not installed`, `npm install ${OURS}`)];
  }
  const names = Object.keys(umbrella.dependencies ?? {}).filter((name) =>
    name.startsWith('@boost/'),
  );
  const mixed: Finding[] = [];
  for (const name of names) {
    const ours = await findInstalled(name, umbrella.folder);
    const theirs = await findInstalled(name, root);
    if (ours === undefined || theirs === undefined || ours.version === theirs.version) continue;
    mixed.push(
      warning(
        `${name} is ${theirs.version} in the project, and ${ours.version} within ${OURS}`,
        `npm install ${name}@${ours.version}, or leave it to ${OURS}`,
      ),
    );
  }
  return mixed.length > 0 ? mixed : [ok(`${OURS} ${umbrella.version}`)];
}

async function installed(root: string, names: readonly string[]): Promise<readonly Installed[]> {
  const found = await Promise.all(names.map((name) => findInstalled(name, root)));
  return found.flatMap((item) => item ?? []);
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
