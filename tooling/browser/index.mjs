import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));
/** Chromium for Linux on x64, with the libraries that a bare machine lacks. With it comes the version of Chromium. */
const PACKAGE = '@sparticuz/chromium';
const VERSION = '153.0.0';
/** Archives beside the browser itself: libraries, software rendering, a font. */
const ARCHIVES = ['al2023', 'swiftshader', 'fonts'];

/** A registry that does not answer is told of soon. */
const RETRIES = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

const ARGS = [
  '--headless=shell',
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  // Containers have little of that memory.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** The machine's own fonts, and the one that came with the browser where there are none. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

export async function startBrowser() {
  const { executable, environment } = await executableOf();
  const env = { ...process.env, ...environment };
  return chromium.launch({ executablePath: executable, args: ARGS, env });
}

async function executableOf() {
  const own = process.env.BOOST_CHROMIUM;
  if (own !== undefined) return { executable: own, environment: {} };
  const folder = await installBrowser();
  const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  const environment = { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  return { executable: join(folder, 'chromium'), environment };
}

export async function hasBrowser() {
  try {
    const browser = await startBrowser();
    await browser.close();
    return true;
  } catch (error) {
    console.warn(`The tests in a browser are left out: ${String(error)}`);
    return false;
  }
}

async function installBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `npm has no Chromium for ${process.platform} ${process.arch}: set BOOST_CHROMIUM to the path of one`,
    );
  }
  // Another version is another folder.
  const folder = join(CACHE, `chromium-${VERSION}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  try {
    await mkdir(making, { recursive: true });
    const manifest = { private: true, dependencies: { [PACKAGE]: VERSION } };
    await writeFile(join(making, 'package.json'), JSON.stringify(manifest));
    await run(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...RETRIES],
      making,
    );
    await unpack(join(making, 'node_modules', PACKAGE, 'bin'), making);
    await rm(join(making, 'node_modules'), { recursive: true });
    await writeFile(join(making, 'fonts.conf'), FONTS);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    // Another test was faster.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function unpack(from, folder) {
  const executable = join(folder, 'chromium');
  await writeFile(executable, await decompressed(join(from, 'chromium.br')));
  await chmod(executable, 0o755);
  for (const name of ARCHIVES) {
    const archive = join(folder, `${name}.tar`);
    await writeFile(archive, await decompressed(join(from, `${name}.tar.br`)));
    await run('tar', ['xf', archive], folder);
    await rm(archive);
  }
}

async function decompressed(file) {
  return promisify(brotliDecompress)(await readFile(file));
}

async function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}
