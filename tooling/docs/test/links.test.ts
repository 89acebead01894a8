import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, anchorsOf, isRelative, mapLinks, repositoryFiles } from '../src/markdown.ts';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function targetsOf(text: string): readonly string[] {
  const targets: string[] = [];
  mapLinks(text, (target) => {
    targets.push(target);
    return target;
  });
  return targets;
}

/** Why a link of a page leads nowhere. */
function fault(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : posix.join(posix.dirname(page), path);
  if (!existsSync(join(ROOT, file))) return `${target}: there is no ${file}`;
  if (anchor === undefined) return undefined;
  const text = statSync(join(ROOT, file)).isDirectory() ? `${file}/README.md` : file;
  return anchorsOf(textOf(text)).has(anchor) ? undefined : `${target}: ${text} has no such heading`;
}

describe('every link within the repository leads somewhere', () => {
  test.each(repositoryFiles('**/*.md'))('%s', (page) => {
    const targets = targetsOf(textOf(page)).filter(
      (target) => isRelative(target) || target.startsWith('#'),
    );
    expect(targets.flatMap((target) => fault(page, target) ?? [])).toEqual([]);
  });
});

test('the contents name every page', () => {
  const named = targetsOf(textOf('docs/README.md')).map((target) => posix.join('docs', target));
  const pages = repositoryFiles('docs/*.md').filter((page) => page !== 'docs/README.md');
  expect(pages.filter((page) => !named.includes(page))).toEqual([]);
});

test('a link to nothing is noticed, and code is no link', () => {
  const text = 'a [b](c.md) `[no](no.md)` ![d](e.png)\n\n```md\n[no](no.md)\n```\n\n[f]: g.md\n';
  expect(targetsOf(text)).toEqual(['c.md', 'e.png', 'g.md']);
  expect(fault('README.md', 'docs/none.md')).toMatch('there is no docs/none.md');
  expect(fault('README.md', 'CONTRIBUTING.md#none')).toMatch('no such heading');
  expect(fault('README.md', '#boost')).toBeUndefined();
});
