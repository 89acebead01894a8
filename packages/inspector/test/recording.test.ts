import { BoostError, createMemoryAdapter } from '@boost/core';
import { expect, test } from 'vitest';
import { createInspector } from '../src/index.js';
import type { EventsReply, GraphReply } from '../src/wire.js';
import { ask, told } from './support/ask.js';
import { freshConfig } from './support/config.js';
import { TestEngine } from './support/engine.js';

const eventsOf = (inspector: ReturnType<typeof createInspector>, since = 0) =>
  told<EventsReply>(inspector, `events?since=${since}`);

test('reads and writes are told in order, with why, and what of them is new', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const engine = new TestEngine(config, inspector.hooks);
  const { key } = await engine.post(1);
  await engine.post(1);
  const first = await eventsOf(inspector);
  expect(first.events).toMatchObject([
    {
      seq: 1,
      kind: 'read',
      model: 'Post',
      action: 'findUnique',
      status: 'miss',
      reason: 'absent',
      key,
    },
    { seq: 2, kind: 'read', status: 'hit-memory', key },
  ]);

  await engine.bumpPost(1);
  const second = await eventsOf(inspector, first.seq);
  expect(second.isolate).toBe(first.isolate);
  expect(second.events).toMatchObject([
    { seq: 3, kind: 'write', bumped: ['Post', '_PostToTag'], fell: [key] },
  ]);
  expect(second.state?.totals).toMatchObject({ hits: 1, misses: 1, writes: 1 });
  const nothing = await eventsOf(inspector, second.seq);
  expect(nothing).toMatchObject({ seq: 3, events: [] });
  expect(nothing.state).toBeUndefined();
});

test('what it says of entries is what the next read finds', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const engine = new TestEngine(config, inspector.hooks);
  const infos = [await engine.post(1), await engine.post(2), await engine.post(3)];
  await engine.bumpPost(2);
  const { state } = await eventsOf(inspector);
  const said = infos.map(({ key }) => state?.entries.find((entry) => entry.key === key)?.state);
  expect(said).toEqual(['current', 'fell', 'current']);
  const found = [await engine.post(1), await engine.post(2), await engine.post(3)];
  expect(found.map(({ status }) => status)).toEqual(['hit-memory', 'miss', 'hit-memory']);

  await engine.bumpAll('Comment');
  expect((await eventsOf(inspector)).events.at(-1)).toMatchObject({ kind: 'write', fell: [] });
  await engine.bumpAll('Post');
  expect((await eventsOf(inspector)).events.at(-1)).toMatchObject({
    fell: expect.objectContaining({ length: 3 }) as unknown,
  });
});

test("a tenant's write leaves the entries of others, one without tenant does not", async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const store = createMemoryAdapter({ clock: { now: () => Date.now() } });
  const client = (tenant: string | null) => new TestEngine(config, inspector.hooks, tenant, store);
  const [acme, widgets, none] = [client('acme'), client('widgets'), client(null)];
  const [own, other] = [await acme.post(1), await widgets.post(1)];
  await acme.bumpPost(1);
  const { events, state } = await eventsOf(inspector);
  expect(events.at(-1)).toMatchObject({ tenant: 'acme', fell: [own.key] });
  expect(state?.tenants).toMatchObject([
    { tenant: 'acme', reads: 1, writes: 1 },
    { tenant: 'widgets', reads: 1, writes: 0 },
  ]);
  expect((await widgets.post(1)).status).toBe('hit-memory');

  await none.bumpPost(1);
  expect((await eventsOf(inspector)).events.at(-1)).toMatchObject({
    tenant: null,
    fell: [other.key],
  });
  expect((await widgets.post(1)).status).toBe('miss');
});

test('it keeps as many operations as were asked for, and a bounded number of entries', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config, capacity: 5 });
  const engine = new TestEngine(config, inspector.hooks);
  for (let id = 1; id <= 210; id++) await engine.post(id);
  const { events, seq, state } = await eventsOf(inspector);
  expect(events.map((event) => event.seq)).toEqual([206, 207, 208, 209, 210]);
  expect(seq).toBe(210);
  expect(state?.entries).toHaveLength(200);
  expect(state?.totals.misses).toBe(210);
  expect((await eventsOf(inspector, 208)).events.map((event) => event.seq)).toEqual([209, 210]);
});

test('inspectors of one config share what they have seen, others do not', async () => {
  const config = freshConfig();
  const first = createInspector({ enabled: true, config });
  await new TestEngine(config, first.hooks).post(1);
  expect((await eventsOf(createInspector({ enabled: true, config }))).seq).toBe(1);
  expect((await eventsOf(createInspector({ enabled: true, config: freshConfig() }))).seq).toBe(0);
});

test('a result that is not stored is told with its entry', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const engine = new TestEngine(config, inspector.hooks);
  const { key } = await engine.post(1, { id: 1, title: 'x'.repeat(200_000) });
  const skipped = { key, state: 'skipped', reason: 'too-large' };
  const { events, state } = await eventsOf(inspector);
  expect(events.map(({ kind }) => kind).toSorted()).toEqual(['read', 'skip']);
  expect(state?.entries).toMatchObject([skipped]);
  await engine.post(1, { id: 1, title: 'x'.repeat(200_000) });
  expect((await eventsOf(inspector)).state?.entries).toMatchObject([{ ...skipped, misses: 2 }]);
  await engine.post(1);
  await engine.post(1);
  const { state: later } = await eventsOf(inspector);
  expect(later?.entries).toMatchObject([{ key, state: 'current', hits: 1 }]);
});

test('no value of a result and no message of an error is shown', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const engine = new TestEngine(config, inspector.hooks);
  await engine.post(1, { id: 1, title: 'SECRET in a row' });
  await engine.post(1);
  inspector.hooks.onError?.(new BoostError('BOOST_STORE_FAILED', 'SECRET of a store'), 'get');
  inspector.hooks.onError?.(new TypeError('SECRET of a hook'), 'hook');
  const reply = await eventsOf(inspector);
  expect(JSON.stringify(reply)).not.toContain('SECRET');
  expect(reply.events.slice(2)).toMatchObject([
    { kind: 'error', operation: 'get', code: 'BOOST_STORE_FAILED' },
    { kind: 'error', operation: 'hook', code: 'TypeError' },
  ]);
  expect(reply.state?.totals.errors).toBe(2);
});

test('names that look like markup are data, and never part of the page', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const tenant = '<script>alert(1)</script>';
  await new TestEngine(config, inspector.hooks, tenant).post(1);
  const events = await ask(inspector, 'http://localhost/__boost/events');
  expect(events.headers.get('content-type')).toBe('application/json');
  expect(await events.json()).toMatchObject({ state: { tenants: [{ tenant }] } });
  const page = await ask(inspector, 'http://localhost/__boost');
  expect(await page.text()).not.toContain(tenant);
});

test('what the store bills is counted at its list price', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config });
  const common = { type: 'store', keys: 4, ok: true } as const;
  inspector.hooks.onEvent?.({ ...common, operation: 'get', billed: 4 });
  inspector.hooks.onEvent?.({ ...common, operation: 'set', billed: 2 });
  const { state } = await eventsOf(inspector);
  expect(state?.totals.costUsd).toBeCloseTo((4 * 0.5 + 2 * 5) / 1e6, 12);
  expect(state?.timeline).toHaveLength(1);
});

test('the graph has the models and each relation once', async () => {
  const inspector = createInspector({ enabled: true, config: freshConfig() });
  expect(await told<GraphReply>(inspector, 'schema')).toEqual({
    models: [
      { name: 'Post', kind: 'model', fields: 3 },
      { name: 'Comment', kind: 'model', fields: 3 },
      { name: 'Tag', kind: 'model', fields: 2 },
    ],
    relations: [
      { from: 'Post', to: 'Tag', by: '_PostToTag', kind: 'join', onDelete: 'Cascade' },
      { from: 'Comment', to: 'Post', by: 'postId', kind: 'key', onDelete: 'Restrict' },
    ],
  });
});
