import { beforeEach, expect, it } from 'vitest';
import { QUIET_MS } from '../src/limits.js';
import { callByFetch, type Method } from '../src/wire.js';
import { freshStub, type Stub } from './objects.js';
import { clock } from './worker.js';

let stub: () => Stub;

const byFetch = (method: string, ...args: unknown[]): Promise<unknown> =>
  callByFetch(stub(), method as Method, args);

beforeEach(async () => {
  clock.aheadMs = 0;
  ({ stub } = freshStub('SQLITE'));
  await stub().sync();
  clock.aheadMs = QUIET_MS;
});

it('calls by fetch what others call by RPC, and is answered the same', async () => {
  const before = (await byFetch('sync', undefined)) as Awaited<ReturnType<Stub['sync']>>;
  expect(before).toEqual(await stub().sync());
  const hashes = Float64Array.of(1, 2 ** 53 - 1);
  await byFetch('begin', 'w1', hashes, 1_000);
  const begun = await byFetch('sync', before);
  expect(begun).toEqual(await stub().sync(before));
  const committed = await byFetch('commit', 'w1', hashes, before);
  expect(committed).toEqual(await stub().sync(before));
  const question = { seq: before.seq, hashes };
  const checked = await byFetch('check', before.incarnation, [question, question]);
  expect(checked).toEqual(await stub().check(before.incarnation, [question, question]));
  await byFetch('unknown', 'w2', hashes, 1_000, undefined);
  await byFetch('abort', 'w3');
});

it('asks a relay by fetch what others ask it by RPC, also who has nothing yet', async () => {
  const { name, stub: relay } = freshStub('SQLITE', '.relay-0');
  const route = { name, placement: {} };
  const allowance = { maxAgeMs: 60_000, positions: [] };
  const current = await callByFetch(relay(), 'relaySync', [route, undefined, undefined]);
  expect(current).toMatchObject({ isCurrent: true, from: 0, events: [] });
  const had = await callByFetch(relay(), 'relaySync', [route, undefined, allowance]);
  expect(had).toMatchObject({ isCurrent: false, from: 0 });
});

it('says what went wrong', async () => {
  await expect(byFetch('begin', '', new Float64Array(), 1)).rejects.toThrow('wrong id');
  await expect(byFetch('alarm')).rejects.toThrow('no method alarm');
  await expect(byFetch('constructor')).rejects.toThrow('no method constructor');
});
