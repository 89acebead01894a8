import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Paths of all pages of the repository. */
export const PAGES: readonly string[] = globSync(
  ['*.md', 'docs/**/*.md', '{apps,packages,tooling}/*/README.md', 'tooling/README.md'],
  { cwd: ROOT, exclude: ['**/node_modules'] },
).sort();

/** Of a file of the repository. */
export function textOf(path: string): Promise<string> {
  return readFile(new URL(path, `file://${ROOT}/`), 'utf8');
}

const SNIPPET = /^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms;

export interface Snippet {
  readonly language: string;
  /** Undefined: statements that stand for themselves. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The snippets of a page of `docs`. */
export async function snippetsOfPage(name: string): Promise<readonly Snippet[]> {
  return snippetsIn(await readPage(name));
}

/** One snippet of a level, which its page must have. */
export async function snippet(level: number, file: string): Promise<string> {
  const page = await readPage('levels');
  const section = page.split(/^## /m).find((part) => part.startsWith(`Level ${String(level)}:`));
  const found = snippetsIn(section ?? '').find((each) => each.file === file);
  if (found === undefined) throw new Error(`Level ${String(level)} of the page has no ${file}.`);
  return found.text;
}

function readPage(name: string): Promise<string> {
  return textOf(`docs/${name}.md`);
}

/** Of a text. */
export function snippetsIn(text: string): readonly Snippet[] {
  return [...text.matchAll(SNIPPET)].map(([, language = '', file, code = '']) => ({
    language,
    file,
    text: code,
  }));
}
