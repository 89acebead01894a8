import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the project as it was read. */
export interface TextFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

const IGNORED = new Set([
  'node_modules',
  'dist',
  'build',
  'coverage',
  'generated',
  'test',
  'tests',
]);
const SOURCES = new Set(['.ts', '.mts', '.js', '.mjs', '.tsx', '.jsx']);

/** Undefined where there is no such file. */
export async function readText(path: string): Promise<TextFile | undefined> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The first of the files that is there. */
export async function firstText(paths: readonly string[]): Promise<TextFile | undefined> {
  for (const path of paths) {
    const file = await readText(path);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The project's own sources below a folder: no tests, nothing that is installed, built or generated. */
export async function readSources(folder: string): Promise<TextFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.map(async (entry): Promise<TextFile[]> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return IGNORED.has(entry.name) || entry.name.startsWith('.') ? [] : readSources(path);
    }
    const file = SOURCES.has(extname(entry.name)) ? await readText(path) : undefined;
    return file === undefined ? [] : [file];
  });
  return (await Promise.all(files)).flat();
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
