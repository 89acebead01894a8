import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The module `boost:page`: one document with style and script inline, and the policy that allows these two by their hashes. */

const NAME = 'boost:page';
const PAGE = new URL('./src/page/', import.meta.url);

async function bundled(file) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, PAGE))],
    bundle: true,
    write: false,
    minify: true,
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  const text = outputFiles[0].text.trim();
  if (/<\/(script|style)/i.test(text)) throw new Error(`${file} would end its own element`);
  return text;
}

async function pageModule() {
  const [html, style, script] = await Promise.all([
    readFile(new URL('page.html', PAGE), 'utf8'),
    bundled('page.css'),
    bundled('script/main.ts'),
  ]);
  const document = html
    .replace(/>\s+</g, '>\n<')
    .replace('<link rel="stylesheet" href="page.css" />', () => `<style>${style}</style>`)
    .replace('<script src="script/main.ts"></script>', () => `<script>${script}</script>`);
  if (!document.includes(style) || !document.includes(script)) {
    throw new Error('page.html names neither its style nor its script');
  }
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return [
    `export const HTML = ${JSON.stringify(document)};`,
    `export const CONTENT_SECURITY_POLICY = ${JSON.stringify(policy)};`,
  ].join('\n');
}

function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** For the build. */
export const esbuildPage = {
  name: NAME,
  setup(build) {
    build.onResolve({ filter: /^boost:page$/ }, () => ({ path: NAME, namespace: 'page' }));
    build.onLoad({ filter: /.*/, namespace: 'page' }, async () => ({
      contents: await pageModule(),
      loader: 'js',
    }));
  },
};

/** For the tests. */
export const vitePage = {
  name: NAME,
  enforce: 'pre',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  load: (id) => (id === `\0${NAME}` ? pageModule() : undefined),
};
