import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));

/** What tools write; some of it is Markdown as well. */
const WRITTEN = ['node_modules', 'dist', 'generated', '.cache', '.turbo', 'CHANGELOG.md'];

/** Paths of the repository, sorted. */
export function repositoryFiles(pattern: string): readonly string[] {
  const exclude = WRITTEN.map((name) => `**/${name}`);
  return globSync(pattern, { cwd: ROOT, exclude }).sort();
}

/** A fenced block, code in a line, or a link: `[text](target)`, `![text](target)`, `[label]: target`. */
const PIECE =
  /^(?<fence>`{3,}).*?^\k<fence>$|(?<ticks>`+)[^\n]*?\k<ticks>|(?<before>\]\(|^\[[^\]\n]+\]: )(?<target>[^)\s]+)/gms;

/** The text with each link's target replaced; what stands in code is no link. */
export function mapLinks(text: string, replace: (target: string) => string): string {
  return text.replace(PIECE, (piece: string, ...rest) => {
    const { before, target } = rest.at(-1) as { before?: string; target?: string };
    return before === undefined || target === undefined ? piece : before + replace(target);
  });
}

/** The targets that are of this repository, without those on the page itself. */
export function isRelative(target: string): boolean {
  return !/^([a-z][a-z+.-]*:|#|\/)/.test(target);
}

const HEADING = /^(?<fence>`{3,}).*?^\k<fence>$|^#{1,6} +(?<heading>[^\n]+)$/gms;

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const { groups } of text.matchAll(HEADING)) {
    if (groups?.['heading'] === undefined) continue;
    const slug = groups['heading']
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${String(times)}`);
  }
  return anchors;
}

/** The first heading, as text. */
export function titleOf(text: string): string | undefined {
  return /^# +(.+)$/m.exec(text)?.[1];
}
