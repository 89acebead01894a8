import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../src/markdown.ts';

/** What is promised has a test and a figure, or leads to where it is said that it is not promised. */

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The rows of the tables of a text, below their heads. */
function rowsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\|(?: *:?-+:? *\|)+\n((?:\|.*\n)+)/gm)].flatMap(([, rows = '']) =>
    rows
      .trim()
      .split('\n')
      .map((row) =>
        row
          .replace(/^\|/, '')
          .split('|')
          .slice(0, -1)
          .map((cell) => cell.trim()),
      ),
  );
}

/** The targets of `[text][label]` and `[text](target)`. */
function targetsOf(cell: string, page: string): readonly string[] {
  return [...cell.matchAll(/\[[^\]]+\](?:\[([^\]]+)\]|\(([^)]+)\))/g)].map(([, label, target]) => {
    if (label === undefined) return target ?? '';
    return new RegExp(`^\\[${label}\\]: (\\S+)$`, 'm').exec(page)?.[1] ?? '';
  });
}

describe('each level promises what has a mechanism, a test and a figure', () => {
  const page = textOf('docs/consistency.md');
  const sections = page
    .split(/^## /m)
    .filter((text) => text.includes('| promise '))
    .map((text) => [text.split('\n')[0] ?? '', text] as const);

  test('there is a section for each', () => {
    const titles = sections.map(([title]) => title).join('\n');
    for (const level of ['1', '2', '3', '4', '5', '6', 'Node', 'D1']) expect(titles).toMatch(level);
  });

  test.each(sections)('%s', (_, text) => {
    const rows = rowsOf(text);
    expect(rows.length).toBeGreaterThan(0);
    for (const [promise, mechanism, tests, figure, ...more] of rows) {
      expect([promise, mechanism, more.length]).toEqual([
        expect.stringMatching(/\w/),
        expect.stringMatching(/\w/),
        0,
      ]);
      const files = targetsOf(tests ?? '', page);
      expect(files.length, promise).toBeGreaterThan(0);
      for (const file of files) expect(file, promise).toMatch(/\/test\/.*\.ts$/);
      expect(targetsOf(figure ?? '', page).join(), promise).toMatch(/\.md|\.test\.ts/);
    }
  });
});

test('each trap names a test that there is', () => {
  const links = [...textOf('docs/traps.md').matchAll(/\[((?:[^[\]]|\[\])+)\]\(([^)]+\.ts)\)/g)];
  expect(links.length).toBeGreaterThan(60);
  const absent = links.filter(([, title = '', path = '']) => {
    const source = textOf(posix.join('docs', path)).replaceAll("\\'", "'");
    return !source.toLowerCase().includes(title.toLowerCase());
  });
  expect(absent.map(([link]) => link)).toEqual([]);
});

test('the comparison in README leads from each promise to a page or a test', () => {
  const page = textOf('README.md');
  const [, section = ''] = page.split(/^## Beside others$/m);
  const rows = rowsOf(section.split(/^## /m)[0] ?? '').filter((cells) => cells.length === 6);
  expect(rows.length).toBeGreaterThan(15);
  for (const [promise, ours = ''] of rows) {
    const targets = targetsOf(ours, page);
    expect(targets.length, promise).toBeGreaterThan(0);
    for (const target of targets) expect(target, promise).toMatch(/^(?:docs|packages|apps)\//);
  }
});
