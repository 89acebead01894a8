import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readText } from '../project/files.js';

/** A package as it is installed. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** Absolute, links followed. */
  readonly folder: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The package that a module in the folder would be given. Its manifest is read as a file: `exports` may not name it. */
export async function findInstalled(name: string, from: string): Promise<Installed | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    const manifest = await readText(join(found, 'package.json'));
    if (manifest !== undefined) {
      const read = JSON.parse(manifest.text) as Omit<Installed, 'folder'>;
      return { ...read, folder: await realpath(found) };
    }
    if (dirname(folder) === folder) return undefined;
  }
}
