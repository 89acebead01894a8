import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { environment, readManifest } from './toolchain.mjs';

/** What users of every package get. */
const PACKED = ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE', 'package.json'];

/** The folders of the packages that are published, below the root of a workspace. */
export function publishedFolders(root) {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .filter((folder) => readManifest(folder).private !== true);
}

/** Packs one package. @returns the tarball's path, its manifest, its files, and which of those that it needs are missing */
export function pack(folder, destination) {
  const [packed] = [
    JSON.parse(must('pnpm', ['pack', '--json', '--pack-destination', destination], folder)),
  ].flat();
  const file = packed.filename;
  const files = packed.files.map(({ path }) => path);
  return {
    file,
    manifest: JSON.parse(must('tar', ['-xOf', file, 'package/package.json'], folder)),
    files,
    missing: PACKED.filter((wanted) => !files.includes(wanted)),
  };
}

/** Runs a command that has to succeed; what it printed is shown only when it does not. @returns what it printed */
export function must(command, args, cwd) {
  try {
    return execFileSync(command, args, {
      cwd,
      env: { ...environment(), CI: 'true' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    console.error(`${command} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`);
    process.exit(1);
  }
}
