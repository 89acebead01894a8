import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import type { State } from './coalescing/state.ts';

const root = fileURLToPath(new URL('coalescing', import.meta.url));
let harness: TestHarness;
let url: URL;

beforeEach(async () => {
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
  harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
  ({ url } = await harness.listen());
  await harness.getWorker().applyD1Migrations('DB');
});

afterEach(() => harness.close());

const ask = (path: string): Promise<Response> => fetch(new URL(path, url));

async function reaches(expected: Partial<State>): Promise<void> {
  await vi.waitFor(
    async () => {
      const response = await ask('/state');
      expect(await response.json()).toMatchObject(expected);
    },
    { timeout: 30_000, interval: 10 },
  );
}

/** Five readers join a read whose caller then goes; the database answers after that. */
async function followAbortedLeader(leaderPath: string): Promise<Response[]> {
  const leader = ask(leaderPath);
  await reaches({ received: 1, waiting: 1 });
  const followers = Array.from({ length: 5 }, () => ask('/read'));
  await reaches({ received: 6, waiting: 1 });
  await ask('/leave');
  expect(await (await leader).text()).toBe('gone');
  await reaches({ aborted: 1 });
  await ask('/release');
  return Promise.all(followers);
}

test('a flight whose caller has gone goes on for those who joined it', async () => {
  const answers = await followAbortedLeader('/leader');

  for (const answer of answers) expect(await answer.json()).toEqual([]);
  await reaches({ statements: 1, waiting: 0 });
});

test('a flight whose request died: those who joined it ask for themselves, once', async () => {
  const answers = await followAbortedLeader('/leader?dying');

  for (const answer of answers) expect(await answer.json()).toEqual([]);
  await reaches({ statements: 2 });
});
