import { readFile } from 'node:fs/promises';
import * as analytics from '@boost/analytics';
import { expect, test } from 'vitest';

const PAGE = new URL('../../../docs/analytics.md', import.meta.url);
const QUERY = /^`(\w+)\(\)`\n\n```sql\n(.*?)\n```$/gms;

test('the page shows the queries as the functions make them', async () => {
  const page = await readFile(PAGE, 'utf8');
  const shown = [...page.matchAll(QUERY)].map(([, name = '', sql = '']) => [name, sql]);
  expect(shown).toHaveLength(11);
  const functions = analytics as unknown as Readonly<Record<string, () => string>>;
  for (const [name = '', sql] of shown) expect(sql).toBe(functions[name]?.());
});
