import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, repositoryFiles, titleOf } from './markdown.ts';
import { entries } from './reference.ts';

interface Item {
  readonly text: string;
  readonly link: string;
}

interface Group {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: Item[];
}

/** The pages of `docs/` in the order in which one reads them. Its README has them too, with a sentence each. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  Start: [
    'getting-started',
    'getting-started-by-level',
    'levels',
    'node',
    'from-accelerate',
    'from-redis',
  ],
  Understand: ['concepts', 'architecture', 'invalidation', 'consistency', 'traps'],
  Operate: ['operations', 'scale', 'security', 'analytics', 'inspector'],
  Extend: ['writing-an-adapter'],
  Prove: ['proof'],
};

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const nameOf = (path: string): string => path.slice('docs/'.length, -'.md'.length);

export function sidebar(): Group[] {
  const named = new Set(['README', ...Object.values(CONTENTS).flat()]);
  const others = repositoryFiles('docs/*.md').map(nameOf);
  const contents = { ...CONTENTS, Further: others.filter((name) => !named.has(name)) };
  const groups = Object.entries(contents).map(([text, names]) =>
    group(
      text,
      names.map((name) => item(titleOf(textOf(`docs/${name}.md`)) ?? name, name)),
    ),
  );
  const decisions = repositoryFiles('docs/decisions/*.md').map((path) =>
    item(titleOf(textOf(path)) ?? path, nameOf(path)),
  );
  const reference = entries().map(({ name }) => item(name, `reference/${name}`));
  return [
    ...groups.filter(({ items }) => items.length > 0),
    group('Reference', reference, true),
    group('Decisions', decisions, true),
  ];
}

const item = (text: string, link: string): Item => ({ text, link: `/${link}` });

const group = (text: string, items: Item[], collapsed = false): Group => ({
  ...{ text, items, collapsed },
});
