import { readFile, writeFile } from 'node:fs/promises';
import { MUTANTS } from './mutants/index.ts';

const FILE = new URL('../../../docs/proof.md', import.meta.url);
const BEGIN = '<!-- teeth: npm run sim -- --teeth --proof -->';
const END = '<!-- /teeth -->';
const HEAD = [
  '| the rule that is left out | level | caught by | seeds |',
  '| --- | --- | --- | ---: |',
];

/** What became of one mutant. */
export interface Row {
  readonly name: string;
  /** Undefined when no checker noticed. */
  readonly caught: { readonly by: string; readonly seeds: number } | undefined;
  /** How many seeds it was given. */
  readonly seeds: number;
}

/**
 * Writes which mutant was caught by what, and after how many seeds, where `docs/proof.md` has its place for it. What it says of
 * mutants that were not run stays.
 */
export async function writeTable(rows: readonly Row[]): Promise<void> {
  const text = await readFile(FILE, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const [table, after] = rest?.split(END) ?? [];
  if (before === undefined || table === undefined || after === undefined) {
    throw new Error(`${FILE.pathname} has no place for the table: ${BEGIN} … ${END}`);
  }
  const known = new Map<string, string>();
  for (const line of table.split('\n')) {
    const [, name = ''] = line.split('|').map((cell) => cell.trim());
    known.set(name, line);
  }
  for (const { name, caught, seeds } of rows) {
    const how =
      caught === undefined
        ? `nothing yet | > ${String(seeds)}`
        : `${caught.by} | ${String(caught.seeds)}`;
    const level = MUTANTS.find((mutant) => mutant.name === name)?.level ?? '';
    known.set(name, `| ${name} | ${level} | ${how} |`);
  }
  const lines = MUTANTS.flatMap(({ name }) => known.get(name) ?? []);
  const written = [...HEAD, ...lines].join('\n');
  await writeFile(FILE, `${before}${BEGIN}\n\n${written}\n\n${END}${after}`);
}
