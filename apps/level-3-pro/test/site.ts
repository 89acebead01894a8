import type { Call, Server } from 'level-1-d1/server';
import { askOf, walk } from 'level-1-d1/walk';
import { expect, vi } from 'vitest';

/** One level's worker in one data centre, asked by one caller after the other. */
export class Site {
  readonly #server: Server;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers - of every request */
  constructor(server: Server, headers: Readonly<Record<string, string>> = {}) {
    this.#server = server;
    this.#headers = headers;
  }

  /** The same worker, asked by somebody. */
  as(headers: Readonly<Record<string, string>>): Site {
    return new Site(this.#server, headers);
  }

  /** Reads with the cookie of a session, or without one. @returns the body, and whether it came from the cache */
  async read(path: string, cookie = ''): Promise<{ outcome: 'hit' | 'miss'; body: unknown }> {
    const { body, report } = await this.#ask({ method: 'GET', path, cookie });
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

  /** @returns the status of a request that may be refused */
  async status(method: Call['method'], path: string, body?: object): Promise<number> {
    return (await this.#ask({ method, path, body })).status;
  }

  /** @returns what the write named as invalid, and the cookie that it set */
  async write(method: Call['method'], path: string, body?: object) {
    const { status, cookie, report } = await this.#ask({ method, path, body });
    expect(status).toBeLessThan(300);
    await this.#server.totals();
    return { cookie, affected: report.invalidations.flatMap(({ affected }) => affected) };
  }

  /** Does what a page shows under a heading, and holds it to what it says. */
  async walk(page: URL, section: string): Promise<void> {
    await walk(askOf(this.#server), page, section);
  }

  /** From now on no put of another data centre arrives here. */
  async cutOff(): Promise<void> {
    await this.#ask({ method: 'POST', path: '/kv/freeze' });
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #ask(call: Call) {
    return this.#server.ask({ ...call, headers: this.#headers });
  }
}
