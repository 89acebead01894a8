import { expect, test } from 'vitest';
import { createInspector } from '../src/index.js';
import { BOX_HEIGHT, BOX_WIDTH, layoutOf } from '../src/page/script/layout.js';
import type { GraphReply } from '../src/wire.js';
import { ask } from './support/ask.js';
import { freshConfig } from './support/config.js';

async function page(): Promise<{ readonly html: string; readonly policy: string }> {
  const inspector = createInspector({ enabled: true, config: freshConfig() });
  const response = await ask(inspector, 'http://localhost/__boost');
  const policy = response.headers.get('content-security-policy') ?? '';
  return { html: await response.text(), policy };
}

test('the page is one document that fetches nothing from elsewhere', async () => {
  const { html } = await page();
  expect(html).toMatch(/^<!doctype html>/);
  expect(html).not.toMatch(/(src|href)="(?!#|data:,)/);
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
  expect(html.length).toBeLessThan(60_000);
});

test('its policy allows its own style and script by their hashes, and nothing else inline', async () => {
  const { html, policy } = await page();
  for (const name of ['style', 'script']) {
    const text = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(html)?.[1] ?? '';
    expect(text.length).toBeGreaterThan(1_000);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    expect(policy).toContain(`${name}-src 'sha256-${hash}'`);
  }
  expect(policy).not.toContain('unsafe');
  expect(html).not.toMatch(/ (style|on\w+)="/);
});

/** A schema of chains, stars, circles and models on their own. */
function graphOf(count: number): GraphReply {
  const name = (at: number): string => `Model${at}`;
  const models = Array.from({ length: count }, (_, at) => ({
    ...{ name: name(at), fields: 3, kind: 'model' as const },
  }));
  const relations = models.flatMap((_, at) =>
    at % 7 === 0
      ? []
      : [at >> 1, (at * 5) % count].map((to) => ({
          ...{ from: name(at), to: name(to), by: 'key', kind: 'key' as const, onDelete: 'Cascade' },
        })),
  );
  return { models, relations };
}

test.each([
  [1, false],
  [4, true],
  [30, false],
  [100, false],
  [100, true],
])('the picture of %i models has a place for each, and for none the same', (count, isUpright) => {
  const graph = graphOf(count);
  const { boxes, width, height } = layoutOf(graph, isUpright, isUpright ? 2 : 10);
  expect(boxes.map(({ name }) => name).toSorted()).toEqual(
    graph.models.map(({ name }) => name).toSorted(),
  );
  for (const [at, box] of boxes.entries()) {
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + BOX_WIDTH).toBeLessThanOrEqual(width);
    expect(box.y + BOX_HEIGHT).toBeLessThanOrEqual(height);
    const overlap = boxes
      .slice(at + 1)
      .find(({ x, y }) => Math.abs(x - box.x) < BOX_WIDTH && Math.abs(y - box.y) < BOX_HEIGHT);
    expect(overlap).toBeUndefined();
  }
  expect(layoutOf(graph, isUpright, isUpright ? 2 : 10)).toEqual({ boxes, width, height });
  if (isUpright) expect(width).toBeLessThanOrEqual(340);
});
