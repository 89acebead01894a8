import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join, posix } from 'node:path';
import { ROOT, isRelative, mapLinks, repositoryFiles, titleOf } from './markdown.ts';

const IMAGES = new Set(['.png', '.svg', '.jpg', '.webp']);

/** Where a file or folder of the repository is on the site. */
function pageOf(path: string): string {
  const within = path.startsWith('docs/') ? path.slice('docs/'.length) : `repository/${path}`;
  if (IMAGES.has(extname(path))) return within;
  if (isFolder(path)) return `${within}/index.md`;
  if (basename(path) === 'README.md') return within.replace(/README\.md$/, 'index.md');
  return path.endsWith('.md') ? within : `${within}.md`;
}

function isFolder(path: string): boolean {
  return statSync(join(ROOT, path)).isDirectory();
}

/**
 * Writes the pages of `docs/` into a folder, and with them, so that no link leads out of the site, all that they link to: other texts
 * of the repository, sources, and folders.
 */
export function writePages(folder: string): void {
  const waiting = [...repositoryFiles('docs/**/*.md')];
  const met = new Set(waiting);
  const link = (from: string) => (target: string) => {
    if (!isRelative(target)) return target;
    const [path = '', hash] = target.split('#');
    const to = textAt(posix.join(isFolder(from) ? from : posix.dirname(from), path));
    if (!met.has(to)) {
      met.add(to);
      waiting.push(to);
    }
    const page = posix.relative(posix.dirname(pageOf(from)), pageOf(to));
    return `${page.startsWith('.') ? page : `./${page}`}${hash === undefined ? '' : `#${hash}`}`;
  };
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const file = join(folder, pageOf(path));
    mkdirSync(dirname(file), { recursive: true });
    if (IMAGES.has(extname(path))) copyFileSync(join(ROOT, path), file);
    else writeFileSync(file, mapLinks(textOf(path), link(path)));
  }
}

/** What a link to a path of the repository shows: of a folder its README, if it has one. */
function textAt(target: string): string {
  const path = target.replace(/\/$/, '');
  const readme = posix.join(path, 'README.md');
  return isFolder(path) && existsSync(join(ROOT, readme)) ? readme : path;
}

/** With links as they are in the repository. */
function textOf(path: string): string {
  if (isFolder(path)) return listOf(path);
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (path.endsWith('.md')) return text;
  const fence = `\`\`\`\`txt\n${text}\n\`\`\`\``;
  return `---\nsearch: false\n---\n\n# ${basename(path)}\n\n\`${path}\`\n\n${fence}\n`;
}

function listOf(path: string): string {
  const lines = readdirSync(join(ROOT, path))
    .sort()
    .map((name) => {
      const inside = `${path}/${name}`;
      if (isFolder(inside)) return `- ${name}`;
      const text = name.endsWith('.md') ? titleOf(readFileSync(join(ROOT, inside), 'utf8')) : name;
      return `- [${text ?? name}](${name})`;
    });
  return `# ${basename(path)}\n\n\`${path}\`\n\n${lines.join('\n')}\n`;
}
