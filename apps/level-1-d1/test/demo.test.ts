import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createScreen } from '../demo/screen.ts';
import { startServer } from '../demo/server.ts';
import { summarise } from '../demo/summary.ts';
import { Tour } from '../demo/tour.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'boost-demo-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('the demo ends well, with what it measured in a file, and serves its inspector until Ctrl-C', async () => {
  const file = join(directory, 'demo.json');
  const main = fileURLToPath(new URL('../demo/main.ts', import.meta.url));
  const demo = spawn(process.execPath, [main, '--json', file, '--open', '--pace', '0'], {
    env: { ...process.env, BROWSER: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void demo.kill('SIGKILL'));
  const ended = once(demo, 'exit');
  let written = '';
  let page: string | undefined;
  for await (const text of demo.stdout.setEncoding('utf8')) {
    written += String(text);
    page = /The inspector stays at (\S+) until/.exec(written)?.[1];
    if (page !== undefined) break;
  }
  expect(written).toContain('every answer equal to that of a client without cache');
  expect(await (await fetch(page ?? '')).text()).toContain('Boost inspector');
  const events = (await (await fetch(`${page}/events`)).json()) as { seq: number };
  expect(events.seq).toBeGreaterThan(100);
  demo.kill('SIGINT');
  // What a shell takes for Ctrl-C.
  expect(await ended).toEqual([130, null]);

  const { metrics, command } = JSON.parse(await readFile(file, 'utf8')) as {
    metrics: Record<string, number>;
    command: string;
  };
  expect(command).toBe('npm run demo');
  expect(metrics).toMatchObject({ wrong_answers: 0, statements_of_100_identical_reads: 1 });
  expect(metrics['database_statements_saved']).toBeGreaterThan(99);
});

test('a cached answer that is not what the database holds fails the demo', async () => {
  const server = await startServer();
  const written: string[] = [];
  const screen = createScreen((text) => written.push(text));
  const tour = new Tour(server, screen);
  vi.spyOn(console, 'log').mockImplementation((text: string) => written.push(text));
  try {
    const body = { title: 'Title', content: 'Content' };
    await tour.write({ method: 'POST', path: '/posts', body }, 201);
    await tour.read('/posts');
    expect(tour.score.wrong).toBe(0);
    // The inspector is for those who ask for it.
    expect((await fetch(new URL('/__boost', server.url))).status).toBe(404);

    await server.execute(`UPDATE "Post" SET "title" = 'Written past the cache'`);
    await tour.read('/posts');
    screen.end();

    expect(tour.score.wrong).toBe(1);
    expect(written.join('')).toContain('WRONG');
    const totals = await server.totals();
    expect(summarise({ score: tour.score, totals, json: undefined })).toBe(false);
  } finally {
    vi.restoreAllMocks();
    process.exitCode = 0;
    await server.close();
  }
});
