import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));
/** Debian's Redis, which is one program under several names, and those of its libraries that a small system lacks. */
const PACKAGES = ['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

export interface RedisProgram {
  /** To be started under the name `redis-server`. */
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A real Redis: the machine's, else Debian's, unpacked into a folder of this package without being installed. */
export async function findRedis(): Promise<RedisProgram> {
  try {
    await run('redis-server', ['--version']);
    return { path: 'redis-server', env: process.env };
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const root = join(CACHE, 'redis');
  const exists = await access(root).then(
    () => true,
    () => false,
  );
  if (!exists) await unpack(root);
  const libraries = await readdir(join(root, 'usr/lib'));
  return {
    path: join(root, 'usr/bin/redis-check-rdb'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: libraries.map((name) => join(root, 'usr/lib', name)).join(':'),
    },
  };
}

async function unpack(root: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const directory = await mkdtemp(join(CACHE, 'unpacking-'));
  await download(directory);
  for (const name of await readdir(directory)) {
    if (name.endsWith('.deb')) {
      await run('dpkg-deb', ['-x', join(directory, name), join(directory, 'root')]);
    }
  }
  await rename(join(directory, 'root'), root);
  await rm(directory, { recursive: true });
}

async function download(cwd: string): Promise<void> {
  try {
    await run('apt-get', ['download', ...PACKAGES], { cwd });
  } catch {
    // Without lists of packages; they go where everybody may write.
    const lists = join(cwd, 'lists');
    await mkdir(join(lists, 'partial'), { recursive: true });
    const here = ['-o', `Dir::State::lists=${lists}`];
    try {
      await run('apt-get', [...here, 'update'], { cwd });
      await run('apt-get', [...here, 'download', ...PACKAGES], { cwd });
    } catch (cause) {
      throw new Error(
        'There is no redis-server on this machine, and Debian’s could not be downloaded: install one',
        { cause },
      );
    }
  }
}
