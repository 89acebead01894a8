import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { ROOT } from './markdown.ts';
import { writePages } from './pages.ts';
import { writeReference } from './reference.ts';

/** The site: the pages of `docs/`, what they link to, and the reference. A link that leads nowhere fails it. */

const FOLDER = join(ROOT, 'tooling/docs');
const pages = join(FOLDER, 'dist/pages');

rmSync(join(FOLDER, 'dist'), { recursive: true, force: true });
writePages(pages);
await writeReference(pages);
await build(FOLDER);
