import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Call, type Server, startServers } from 'level-1-d1/server';
import { expect, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('workers', import.meta.url));
const SEED = new URL(import.meta.resolve('level-1-d1/seed.sql'));
const LEVELS = ['level-1', 'level-3'] as const;

/** One level's worker in one data centre, asked by one caller after the other. */
export class Site {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Reads with the cookie of a session, or without one. @returns the body, and whether it came from the cache */
  async read(path: string, cookie = ''): Promise<{ outcome: 'hit' | 'miss'; body: unknown }> {
    const { body, report } = await this.#server.ask({ method: 'GET', path, cookie });
    await this.#server.totals();
    const isHit = report.reads.every(({ status }) => status.startsWith('hit'));
    return { outcome: isHit ? 'hit' : 'miss', body: JSON.parse(body) };
  }

  /** Reads until each path is answered from the cache: what was written within the margin of clocks is not stored yet. */
  async warm(...paths: readonly string[]): Promise<void> {
    await vi.waitFor(async () => expect(await this.hits(paths)).toEqual(paths), {
      timeout: 60_000,
    });
  }

  /** Those of the paths that are answered from the cache. */
  async hits(paths: readonly string[]): Promise<string[]> {
    const hits: string[] = [];
    for (const path of paths) if ((await this.read(path)).outcome === 'hit') hits.push(path);
    return hits;
  }

  /** @returns what the write named as invalid, and the cookie that it set */
  async write(method: Call['method'], path: string, body?: object) {
    const { status, cookie, report } = await this.#server.ask({ method, path, body });
    expect(status).toBeLessThan(300);
    await this.#server.totals();
    return { cookie, affected: report.invalidations.flatMap(({ affected }) => affected) };
  }

  /** From now on no put of another data centre arrives here. */
  async cutOff(): Promise<void> {
    await this.#server.ask({ method: 'POST', path: '/kv/freeze' });
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** A level in two data centres: over one database and one KV, with the rows of the seed. */
export interface Deployment {
  readonly near: Site;
  readonly far: Site;
}

export type Fleet = Readonly<Record<(typeof LEVELS)[number], Deployment>>;

/** Both levels, each in two data centres. */
export async function startFleet(): Promise<Fleet> {
  const workers = LEVELS.flatMap((level) =>
    ['near', 'far'].map((place) => ({ config: configOf(level, place) })),
  );
  const servers = await startServers({ root: ROOT, workers });
  const seed = await readFile(SEED, 'utf8');
  const deployment = async (level: (typeof LEVELS)[number]): Promise<Deployment> => {
    const start = LEVELS.indexOf(level) * 2;
    const [near, far] = servers.slice(start, start + 2);
    if (near === undefined || far === undefined) throw new Error(`${level} did not start.`);
    for (const statement of seed.split(';')) {
      if (statement.trim() !== '') await near.execute(statement);
    }
    return { near: new Site(near), far: new Site(far) };
  };
  return { 'level-1': await deployment('level-1'), 'level-3': await deployment('level-3') };
}

function configOf(level: string, place: string) {
  return {
    name: `${level}-${place}`,
    main: `${level}.ts`,
    compatibility_date: '2024-01-01',
    d1_databases: [
      {
        binding: 'DB',
        database_name: level,
        database_id: level,
        migrations_dir: '../../../level-1-d1/migrations',
      },
    ],
    kv_namespaces: [{ binding: 'CACHE', id: level }],
  };
}
