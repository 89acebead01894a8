import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestHarness } from 'wrangler';

const app = new URL('..', import.meta.url);
const guide = await readFile(new URL('../../docs/getting-started.md', app), 'utf8');

interface Snippet {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

const FENCE = /^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms;

const snippets: readonly Snippet[] = [...guide.matchAll(FENCE)].map(
  ([, language = '', file, text = '']) => ({ language, file, text }),
);

/** Without indentation: a snippet may come from inside of a function. */
const flat = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();

describe('every snippet of the guide is in the file that it names', () => {
  const code = snippets.filter(({ language }) => language !== 'sh');

  test.each(code)('$language of $file', async ({ file, text }) => {
    expect(file).toBeDefined();
    const source = await readFile(new URL(file ?? '', app), 'utf8');
    expect(flat(source)).toContain(flat(text));
  });

  test('there are snippets of each kind', () => {
    expect(new Set(code.map(({ language }) => language))).toEqual(
      new Set(['prisma', 'toml', 'ts']),
    );
  });
});

describe('the recipes of the guide do what it says', () => {
  const root = fileURLToPath(new URL('getting-started', import.meta.url));
  const harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
  const cook = async (recipe: string): Promise<unknown> =>
    (await harness.fetch(`/${recipe}`)).json();
  /** A post that the cache cannot know of. */
  const addPastTheCache = async (): Promise<void> => {
    const { DB } = await harness
      .getWorker<{ DB: { prepare(sql: string): { run(): Promise<unknown> } } }>()
      .getEnv();
    await DB.prepare(
      `INSERT INTO "Post" ("title", "content", "published") VALUES ('Title', 'Content', true)`,
    ).run();
  };

  beforeAll(async () => {
    process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
    await harness.listen();
    await harness.getWorker().applyD1Migrations('DB');
  });

  afterAll(() => harness.close());

  test('one read is cached, the other is not', async () => {
    await cook('create');
    expect(await cook('strategy')).toEqual({ front: 1, total: 1 });
    await addPastTheCache();
    expect(await cook('strategy')).toEqual({ front: 1, total: 2 });
  });

  test.each(['tag', 'model', 'everything'])('$invalidateCache: %s', async (recipe) => {
    await cook('create');
    const before = await cook('strategy');
    await addPastTheCache();
    expect(await cook('strategy')).toMatchObject({ front: (before as { front: number }).front });

    await cook(recipe);

    const { front, total } = (await cook('strategy')) as { front: number; total: number };
    expect(front).toBe(total);
  });

  test('$explain names what a read depends on', async () => {
    expect(await cook('explain')).toEqual(['*', 'Post!', 'Comment!']);
  });

  test('the hook is told what a write invalidates', async () => {
    harness.clearLogs();
    await cook('create');
    const messages = harness.getLogs().map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringContaining('Post invalidates Post!'));
  });
});
