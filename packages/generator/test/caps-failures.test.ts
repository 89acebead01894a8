import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { learn, type Environment, type Learned } from '../src/caps.js';
import { createProject } from './prisma.js';

const SCHEMA = `datasource db {
  provider = "sqlite"
}

model Post {
  id Int @id
}
`;
const TOKEN = 'a-token-of-the-tests';
const CAPS = '{"Post":{"maxRows":25,"strategy":"epoch"}}';

/** A module of an earlier generation. @param caps - as they stand in it */
async function generated(caps: string): Promise<string> {
  const output = await mkdtemp(join(tmpdir(), 'boost-caps-'));
  onTestFinished(() => rm(output, { recursive: true }));
  await writeFile(
    join(output, 'cacheConfig.js'),
    `export const format = 1;\nexport const caps = ${caps};\n`,
  );
  return output;
}

/** A server in the place of Analytics Engine. @returns its address */
async function answering(respond: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => respond(response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const environment = (CF_API_BASE_URL: string, own: Environment = {}): Environment => ({
  CF_ACCOUNT_ID: 'an-account',
  CF_API_TOKEN: TOKEN,
  CF_ANALYTICS_DATASET: 'cacheInvalidationEvents',
  CF_API_BASE_URL,
  ...own,
});

async function learned(
  output: string,
  given: Environment,
): Promise<{ readonly learned: Learned; readonly printed: readonly string[] }> {
  const printed: string[] = [];
  const config = { output, track: new Map(), untrack: new Map(), formats: ['esm'] } as const;
  const print = (line: string): void => void printed.push(line);
  const options = { environment: given, models: ['Post'], nowMs: 0, print };
  return { learned: await learn(config, options), printed };
}

const body = (status: number, text: string) => (response: ServerResponse) =>
  void response.writeHead(status).end(text);

describe('what goes wrong with Analytics Engine', () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    [
      '401',
      body(401, '{"success":false,"errors":[{"code":10000}]}'),
      '401: the token is not valid',
    ],
    ['429', body(429, 'slow down'), '429: too many requests'],
    ['a server that fails', body(500, `token ${TOKEN}`), '500: token …'],
    ['what is no JSON', body(200, '<html>'), 'no table'],
    ['what is no table', body(200, '{"data":[1]}'), 'no table'],
    ['a table of something else', body(200, '{"data":[{"model":"Post"}]}'), 'no text as "day"'],
    ['a connection that breaks', (response) => void response.destroy(), 'could not be reached'],
    ['a time-out', () => undefined, 'did not answer within 50 ms'],
  ])('keeps the last caps after %s, with a warning', async (_, respond, why) => {
    const url = await answering(respond);
    // The one that never answers is not waited for.
    const CF_ANALYTICS_TIMEOUT_MS = why.includes('50 ms') ? '50' : '60000';
    const given = environment(url, { CF_ANALYTICS_TIMEOUT_MS });
    const { learned: found, printed } = await learned(await generated(CAPS), given);
    expect(found.caps).toEqual(JSON.parse(CAPS));
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^warn: Boost keeps the caps that it has\./);
    expect(printed[0]).toContain(why);
    expect(printed.join()).not.toContain(TOKEN);
  });

  it.each([
    ['a time that no timer has', { CF_ANALYTICS_TIMEOUT_MS: '1e300' }],
    ['an address that is none', { CF_API_BASE_URL: 'not an address' }],
    ['a token of two lines', { CF_API_TOKEN: 'one\ntwo' }],
    ['a dataset that is no name', { CF_ANALYTICS_DATASET: "x'; DROP TABLE y" }],
    ['no network', {}],
  ])('keeps the last caps with %s', async (_, own) => {
    const given = environment('http://127.0.0.1:1', own);
    const { learned: found, printed } = await learned(await generated(CAPS), given);
    expect(found.caps).toEqual(JSON.parse(CAPS));
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^warn: Boost keeps the caps that it has\./);
    expect(printed.join()).not.toContain('one\ntwo');
  });
});

describe('what goes wrong with the last caps', () => {
  it.each([
    'null',
    '5',
    '[]',
    '"Post"',
    '{"Post":null}',
    '{"Post":{"maxRows":"25"}}',
    '{"Post":{"maxRows":-1}}',
    '{"Post":{"strategy":"never"}}',
    '{nonsense',
  ])('%s is understood as none, with a warning', async (caps) => {
    const { learned: found, printed } = await learned(await generated(caps), {});
    expect(found.caps).toBeUndefined();
    expect(printed).toHaveLength(1);
    expect(printed[0]).toContain('does not understand the caps in cacheConfig.js');
  });

  it('a module that cannot be read has none, with a warning', async () => {
    const output = await mkdtemp(join(tmpdir(), 'boost-caps-'));
    onTestFinished(() => rm(output, { recursive: true }));
    await mkdir(join(output, 'cacheConfig.cjs'));
    const { learned: found, printed } = await learned(output, {});
    expect(found.caps).toBeUndefined();
    expect(printed).toEqual([expect.stringContaining('cannot read')]);
  });

  it('a budget that is none is refused, and the caps stay', async () => {
    const own = { CF_MAX_MONTHLY_BUDGET_USD: 'five' };
    const { learned: found, printed } = await learned(await generated(CAPS), own);
    expect(found).toEqual({ caps: JSON.parse(CAPS) as unknown });
    expect(printed).toEqual([expect.stringContaining('CF_MAX_MONTHLY_BUDGET_USD is "five"')]);
  });
});

describe('prisma generate', () => {
  it('never fails for any of it, and keeps the token to itself', async () => {
    const { folder, write, generate } = await createProject();
    await write(SCHEMA);
    await generate();
    const file = join(folder, 'generated', 'cacheConfig.js');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace('export const models', 'export const caps = null;\n$&'));
    const url = await answering(body(500, `no table for ${TOKEN}`));
    const { stdout, stderr } = await generate(environment(url) as Record<string, string>);
    const text = await readFile(file, 'utf8');
    expect(text).toBe(before);
    expect(stdout).toContain('warn: Boost keeps the caps that it has.');
    for (const shown of [stdout, stderr, text]) expect(shown).not.toContain(TOKEN);
  });
});
