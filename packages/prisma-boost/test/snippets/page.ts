import { readFile } from 'node:fs/promises';

const PAGE = new URL('../../../../docs/levels.md', import.meta.url);
const SNIPPET = /^```\w+ file=(\S+)\n(.*?)^```$/gms;

/** The snippets of one level as the page has them, by file. */
export async function snippetsOf(level: number): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(PAGE, 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`Level ${String(level)}:`));
  if (section === undefined) throw new Error(`The page has no level ${String(level)}.`);
  return new Map(
    [...section.matchAll(SNIPPET)].map(([, file = '', text = '']): [string, string] => [
      file,
      text,
    ]),
  );
}

/** One snippet, which there must be. */
export async function snippet(level: number, file: string): Promise<string> {
  const text = (await snippetsOf(level)).get(file);
  if (text === undefined) throw new Error(`Level ${String(level)} of the page has no ${file}.`);
  return text;
}
