import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLOCK_MARGIN_MS, MAX_HASHES, MAX_WRITE_DEADLINE_MS, QUIET_MS } from '../src/limits.js';
import { freshStub, type Stub } from './objects.js';
import { clock, type TestCoordinator } from './worker.js';

const DEADLINE_MS = 5_000;
const [A, B, C] = [1, 2, 3] as const;
const of = (...hashes: number[]): Float64Array => Float64Array.from(hashes);

describe.each(['SQLITE', 'PLAIN'] as const)('the coordinator (%s)', (kind) => {
  let stub: () => Stub;

  beforeEach(async () => {
    clock.aheadMs = 0;
    ({ stub } = freshStub(kind));
    await stub().sync();
    clock.aheadMs = QUIET_MS;
  });

  async function check(
    since: { incarnation: string; seq: number },
    ...hashes: number[]
  ): Promise<readonly string[]> {
    const questions = hashes.map((hash) => ({ seq: since.seq, hashes: of(hash) }));
    return (await stub().check(since.incarnation, questions)).verdicts;
  }

  async function write(id: string, ...hashes: number[]): Promise<void> {
    await stub().begin(id, of(...hashes), DEADLINE_MS);
    await stub().commit(id, of(...hashes));
  }

  const evict = (): Promise<void> => evictDurableObject(stub());

  async function abort(): Promise<void> {
    const aborted = runInDurableObject(stub(), (_, state) => state.abort('by the test'));
    await expect(aborted).rejects.toThrow('by the test');
  }

  it('a new object asks for nothing to be cached until no forgotten write can be under way', async () => {
    const other = freshStub(kind).stub;
    const first = await other().sync();
    expect(first.quietMs).toBeGreaterThan(MAX_WRITE_DEADLINE_MS);
    clock.aheadMs += QUIET_MS;
    expect(await other().sync(first)).toMatchObject({ quietMs: 0, from: first.seq, events: [] });
  });

  it('tells what was announced and bumped since', async () => {
    const before = await stub().sync();
    await stub().begin('w1', of(A, B), DEADLINE_MS);
    const begun = await stub().sync(before);
    expect(begun.events).toMatchObject([{ kind: 'opened', id: 'w1', hashes: of(A, B) }]);
    const committed = await stub().commit('w1', of(B), begun);
    expect(committed.events).toMatchObject([{ kind: 'bumped', id: 'w1', hashes: of(B) }]);
    expect(await check(before, A, B)).toEqual(['valid', 'stale']);
    expect(await stub().sync(committed)).toMatchObject({ seq: committed.seq, events: [] });
  });

  it.each(['eviction', 'abort'] as const)('survives %s', async (fault) => {
    const before = await stub().sync();
    await write('w1', A);
    await stub().begin('w2', of(B), DEADLINE_MS);
    await (fault === 'eviction' ? evict() : abort());
    const after = await stub().sync(before);
    expect(after).toMatchObject({ incarnation: before.incarnation, from: before.seq, quietMs: 0 });
    expect(after.fences).toEqual([['w2', of(B)]]);
    expect(await check(before, A, B, C)).toEqual(['stale', 'bypass', 'valid']);
  });

  it('crash between commit and bump: the alarm bumps what the writer may have changed', async () => {
    const before = await stub().sync();
    await stub().begin('w1', of(A, B), DEADLINE_MS);
    await stub().commit('w0', of(C));
    await evict();
    clock.aheadMs += DEADLINE_MS + CLOCK_MARGIN_MS;
    expect(await runDurableObjectAlarm(stub())).toBe(true);
    await evict();
    expect(await check(before, A, B)).toEqual(['stale', 'stale']);
    expect(await runDurableObjectAlarm(stub())).toBe(false);
  });

  it('one alarm stands for many writes, and is set anew for those that are left', async () => {
    for (let index = 0; index < 5; index++) await stub().begin(`w${index}`, of(A), DEADLINE_MS);
    const at = await runInDurableObject(stub(), (_, { storage }) => storage.getAlarm());
    clock.aheadMs += 1_000;
    await stub().begin('later', of(B), DEADLINE_MS);
    const still = await runInDurableObject(stub(), (_, { storage }) => storage.getAlarm());
    expect(still).toBe(at);
    clock.aheadMs += DEADLINE_MS;
    expect(await runDurableObjectAlarm(stub())).toBe(true);
    const next = await runInDurableObject(stub(), (_, { storage }) => storage.getAlarm());
    expect(next).toBeGreaterThan(at ?? 0);
  });

  it('late commit after the alarm: bumps again, also after a restart', async () => {
    await stub().begin('w1', of(A), DEADLINE_MS);
    clock.aheadMs += DEADLINE_MS + CLOCK_MARGIN_MS;
    await runDurableObjectAlarm(stub());
    const filled = await stub().sync();
    await evict();
    await stub().commit('w1', of(A));
    expect(await check(filled, A)).toEqual(['stale']);
  });

  it('an unknown outcome is bumped at once and again at the deadline', async () => {
    await stub().begin('w1', of(A), DEADLINE_MS);
    const told = await stub().unknown('w1', of(A), DEADLINE_MS);
    await abort();
    expect(await check(told, A)).toEqual(['bypass']);
    clock.aheadMs += DEADLINE_MS + CLOCK_MARGIN_MS;
    await runDurableObjectAlarm(stub());
    expect(await check(told, A)).toEqual(['stale']);
  });

  it('stores one row for a commit of many scopes, and nothing for a question', async () => {
    await write('first', A);
    const rows = (): Promise<number> =>
      runInDurableObject(stub(), async (_, { storage }) => (await storage.list()).size);
    const before = await rows();
    await write('w1', ...Array.from({ length: MAX_HASHES }, (_, index) => index + 1));
    expect(await rows()).toBe(before + 1);
    await stub().sync();
    await evict();
    await stub().sync();
    expect(await rows()).toBe(before + 1);
  });

  it('merges rows by the alarm, and says the same afterwards', async () => {
    const before = await stub().sync();
    await runInDurableObject(stub(), async (object: TestCoordinator) => {
      for (let index = 0; index < 1_000; index++) await object.commit(`w${index}`, of(10 + index));
    });
    await runDurableObjectAlarm(stub());
    const keys = await runInDurableObject(stub(), async (_, { storage }) => [
      ...(await storage.list()).keys(),
    ]);
    expect(keys).toEqual(['head', 'segment:0000000000000001']);
    await evict();
    expect(await check(before, 10, 1_009, 1_010)).toEqual(['stale', 'stale', 'valid']);
    const { events, from } = await stub().sync(before);
    expect([events.length, from > before.seq]).toEqual([0, true]);
  });

  it('storage that is set back: what callers have seen of the future makes it a new incarnation', async () => {
    const old = await stub().sync();
    const saved = await runInDurableObject(stub(), async (_, { storage }) => storage.list());
    for (let index = 0; index < 1_100; index += 100) await write(`w${index}`, A);
    await runInDurableObject(stub(), async (object: TestCoordinator) => {
      for (let index = 0; index < 600; index++) {
        await object.begin(`x${index}`, of(B), DEADLINE_MS);
        await object.abort(`x${index}`);
      }
    });
    const seen = await stub().sync();
    await runInDurableObject(stub(), async (_, { storage }) => {
      await storage.deleteAll();
      await storage.put(Object.fromEntries(saved));
    });
    await evict();
    const after = await stub().sync(seen);
    expect(after.incarnation).not.toBe(old.incarnation);
    expect(after.quietMs).toBeGreaterThan(0);
    await evict();
    expect((await stub().sync()).incarnation).toBe(after.incarnation);
  });

  it('lost storage is another incarnation', async () => {
    const before = await stub().sync();
    await runInDurableObject(stub(), (_, { storage }) => storage.deleteAll());
    await evict();
    const after = await stub().sync(before);
    expect(after.incarnation).not.toBe(before.incarnation);
    expect(after.quietMs).toBeGreaterThan(0);
    expect(await check(before, C)).toEqual(['stale']);
  });

  it('does not answer from memory when its storage is gone', async () => {
    const failing = runInDurableObject(stub(), async (object: TestCoordinator, { storage }) => {
      const get = storage.get.bind(storage);
      const kv = kind === 'SQLITE' ? storage.kv : undefined;
      const kvGet = kv?.get.bind(kv);
      const superseded = (): never => {
        throw new Error('superseded');
      };
      Object.assign(storage, { get: () => Promise.reject(new Error('superseded')) });
      if (kv !== undefined) Object.assign(kv, { get: superseded });
      try {
        return await Promise.allSettled([
          object.sync(),
          object.check('', []),
          object.commit('w1', of(A)),
        ]);
      } finally {
        Object.assign(storage, { get });
        if (kv !== undefined) Object.assign(kv, { get: kvGet });
      }
    });
    const outcomes = await failing;
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('answers many callers at once', async () => {
    const before = await stub().sync();
    const ids = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(ids.map((id) => write(`w${id}`, 100 + id)));
    const { events } = await stub().sync(before);
    const bumped = events.filter((event) => event.kind === 'bumped');
    expect(bumped.map(({ hashes }) => hashes[0]).sort()).toEqual(ids.map((id) => 100 + id));
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it.each<[what: string, call: (object: TestCoordinator) => Promise<unknown>]>([
    ['id', (object) => object.begin('', of(A), DEADLINE_MS)],
    ['id', (object) => object.abort('x'.repeat(65))],
    ['hashes', (object) => object.commit('w1', new Float64Array(MAX_HASHES + 1))],
    ['deadlineMs', (object) => object.begin('w1', of(A), MAX_WRITE_DEADLINE_MS + 1)],
  ])('refuses a wrong %s', async (what, call) => {
    const message = await runInDurableObject(stub(), (object: TestCoordinator) =>
      call(object).then(String, String),
    );
    expect(message).toContain(`wrong ${what}`);
  });
});
