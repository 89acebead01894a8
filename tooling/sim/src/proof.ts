import { readFile, writeFile } from 'node:fs/promises';
import type { Mutant } from './mutants/mutant.ts';
import type { Caught } from './teeth.ts';

const FILE = new URL('../../../docs/proof.md', import.meta.url);
const BEGIN = '<!-- teeth: npm run sim -- --teeth --proof -->';
const END = '<!-- /teeth -->';

export interface Row {
  readonly mutant: Mutant;
  readonly caught: Caught | undefined;
}

/** Writes which mutant was caught by what, and after how many seeds, where `docs/proof.md` has its place for it. */
export async function writeTable(rows: readonly Row[]): Promise<void> {
  const text = await readFile(FILE, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${FILE.pathname}: no ${BEGIN}`);
  const lines = rows.map(({ mutant, caught }) => {
    const how =
      caught === undefined
        ? 'not caught | '
        : `${caught.violation.checker} | ${String(caught.seeds)}`;
    return `| ${mutant.name} | ${mutant.level} | ${how} |`;
  });
  const table = [
    '| the rule that is left out | level | caught by | seeds |',
    '| --- | --- | --- | ---: |',
    ...lines,
  ];
  await writeFile(FILE, `${before}${BEGIN}\n\n${table.join('\n')}\n\n${END}${after}`);
}
