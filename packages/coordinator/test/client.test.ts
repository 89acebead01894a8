import { evictDurableObject, runInDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { isBoostError, type Capture, type Stamp } from '@boost/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLOCK_MARGIN_MS, MAX_WRITE_DEADLINE_MS, QUIET_MS } from '../src/limits.js';
import { Objects, settle, TestIsolate } from './isolate.js';
import { clock } from './worker.js';

const POST = ['*', 'Post!', 'Post:42#title'] as const;
const PUBLIC = 'epoch-public-0';
/** Later than any time that is not of the future. */
const FAR_MS = 2 ** 50;
const UNREACHABLE = (): never => {
  throw new Error('the network is down');
};

let objects: Objects;
let here: TestIsolate;
let there: TestIsolate;

/** Every object of a test is older than a write may be. */
async function age(...names: string[]): Promise<void> {
  clock.aheadMs = 0;
  for (const name of [PUBLIC, ...names]) await objects.stub(name).sync();
  clock.aheadMs = QUIET_MS;
}

beforeEach(async () => {
  objects = new Objects();
  here = new TestIsolate(objects);
  there = new TestIsolate(objects);
  await age();
});

describe('what a client is answered from', () => {
  it('an own write is seen at once, without asking again', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    expect(await client.check(stamp, POST)).toBe('valid');
    await client.write(['Post:42#title']);
    const calls = here.calls.length;
    expect(await client.check(stamp, POST)).toBe('stale');
    expect(here.calls.length).toBe(calls);
  });

  it.each(['commit', 'begin'] as const)(
    'an own write is seen whose %s is overtaken by a call that begins later',
    async (overtaken) => {
      const isolate = new TestIsolate(objects, overtaken === 'begin');
      const [client, other] = [isolate.client(), isolate.client()];
      const stamp = await client.fill(POST);
      let arrive: () => void = () => undefined;
      const arrival = new Promise<void>((resolve) => (arrive = resolve));
      isolate.before = ({ method }) => {
        if (method === overtaken) return arrival;
        // Nothing but the announcement tells of the write.
        return method === 'commit' ? new Promise(() => undefined) : undefined;
      };
      const written = client.write(['Post!']);
      while (isolate.count(overtaken) === 0) await settle(1);
      await other.check(stamp, POST, 'strong');
      arrive();
      await written;
      expect(await client.check(stamp, POST)).not.toBe('valid');
    },
  );

  it('a write that touches nothing of it leaves it alone', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    await client.write(['Post:43#title']);
    expect(await client.check(stamp, POST)).toBe('valid');
  });

  it('strong: a write is seen in every isolate once it is acknowledged', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    await writer.write(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('session: a write of others is seen when the copy is too old', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    await writer.write(['Post!']);
    expect(await reader.other().check(stamp, POST)).toBe('valid');
    clock.aheadMs += 5_001;
    expect(await reader.other().check(stamp, POST)).toBe('stale');
  });

  it('eventual: what is too old is used once more and asked for in the background', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    await writer.write(['Post!']);
    clock.aheadMs += 5_001;
    expect(await reader.other().check(stamp, POST, 'eventual')).toBe('valid');
    await Promise.all(here.background);
    expect(await reader.other().check(stamp, POST, 'eventual')).toBe('stale');
  });

  it('a session that goes on elsewhere sees its own write there', async () => {
    const reader = there.client();
    const stamp = await reader.fill(POST);
    const writer = here.client();
    await writer.write(['Post!']);
    const ticket = writer.session.ticket();
    expect(ticket).toMatch(/^[\x20-\x7e]{1,2048}$/);
    expect(await reader.other().check(stamp, POST)).toBe('valid');
    expect(await reader.other(ticket).check(stamp, POST)).toBe('stale');
  });

  it('a damaged or forged ticket never allows what a session without one is refused', async () => {
    const filled = await there.client().fill(POST);
    await there.client().write(['Post!']);
    const current = await there.client().fill(POST);
    const client = here.client();
    const genuine = there.client();
    await genuine.write(['User!']);
    const text = genuine.session.ticket();
    const damaged = fc
      .tuple(fc.nat(text.length - 1), fc.string({ maxLength: 3 }))
      .map(([at, part]) => text.slice(0, at) + part + text.slice(at + 1));
    const forged = fc.stringMatching(
      /^c1\.s?(u[0-9a-z]{1,9})?(\.[0-9a-z]{1,11}_[0-9a-z-]{1,36}_[0-9a-z]{1,11}){0,25}$/,
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, forged, fc.string()), async (ticket) => {
        const bearer = client.other(ticket);
        const calls = here.calls.length;
        expect(await bearer.check(filled, POST, 'session', FAR_MS)).toBe('stale');
        expect(await bearer.check(current, POST, 'session', FAR_MS)).toBe('valid');
        expect(here.calls.length).toBeLessThanOrEqual(calls + 2);
        expect(bearer.session.ticket()).toMatch(/^[\x20-\x7d]{0,2048}$/);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    '',
    'k1.abc',
    'c1.s',
    'c1..x_y_z',
    `c1.${'.a_b_zz'.repeat(50)}`,
    '~~c1.s~c1..a_b_c~c1..a_d_c',
  ])('a ticket that is none, or forged, costs a question at most (%#)', async (ticket) => {
    const client = here.client();
    const stamp = await client.fill(POST);
    const calls = here.calls.length;
    expect(await client.other(ticket).check(stamp, POST)).toBe('valid');
    expect(here.calls.length).toBeLessThanOrEqual(calls + 1);
  });

  it('monotonic reads across queries: who has seen an uncommitted bump does not go back behind it', async () => {
    const USER = ['*', 'User!'];
    const [reader, writer] = [here.client(), there.client()];
    const user = await reader.fill(USER);
    const fence = await writer.begin(['User!', 'Post!']);
    // The database has committed, the coordinator is not told yet: a read of posts shows the write.
    const capture = (await reader.open(['*', 'Comment!'])).capture() as Capture;
    await reader.finish(capture, ['*', 'Comment!']);
    expect(await reader.check(user, USER)).toBe('write-under-way');
    await fence.commit(['User!', 'Post!']);
    expect(await reader.check(user, USER, 'strong')).toBe('stale');
  });

  it('monotonic reads across queries hold for answers from the cache too', async () => {
    const [SHOWN, OTHER] = [
      ['*', 'Post!'],
      ['*', 'User!'],
    ] as const;
    const other = await here.client().fill(OTHER);
    const writer = there.client();
    const fence = await writer.begin(['User!']);
    // Filled elsewhere after the database had committed.
    const shown = await there.client().fill(SHOWN);
    const reader = here.client();
    expect(await reader.check(other, OTHER)).toBe('valid');
    expect(await reader.check(shown, SHOWN)).toBe('valid');
    expect(await reader.check(other, OTHER)).toBe('write-under-way');
    await fence.abort();
  });

  it('takes no stamp that lacks a scope of the query, or that is none', async () => {
    const client = here.client();
    const stamp = await client.fill(['*', 'User!']);
    expect(await client.check(stamp, POST)).toBe('stale');
    const broken: Stamp[] = [
      [],
      ['c0'],
      ['c1', 'x'],
      ['c1', '?'.repeat(9), [PUBLIC, 'i', 1, 1]],
      ['c1', '', 7],
      ['c1', '', [PUBLIC, 'i', '1', 1]],
    ];
    for (const none of broken) expect(await client.check(none, ['*'])).toBe('stale');
  });

  it('lets a reader join what is current for it, and only that', async () => {
    const client = here.client();
    const stamp = (await client.fill(POST)) as Stamp;
    const times = { startMs: 0, endMs: 0 };
    const allows = (by = client, consistency?: 'strong'): boolean =>
      by.authority.allows(by.context(consistency), stamp, times);
    expect(allows()).toBe(true);
    expect(allows(client, 'strong')).toBe(false);
    await client.write(['Post!']);
    expect(allows()).toBe(false);
  });
});

describe('a write under way', () => {
  it('holds readers of its scopes back, wherever they are', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    const fence = await writer.begin(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('write-under-way');
    expect(await reader.fill(POST, 'strong')).toBeNull();
    await fence.abort();
    expect(await reader.check(stamp, POST, 'strong')).toBe('valid');
  });

  it('a fill that it overtakes is not stored', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const capture = (await reader.open(POST)).capture() as Capture;
    await writer.write(['Post:42#title']);
    expect(await reader.finish(capture, POST)).toBeNull();
  });

  it('crash between commit and bump: strong readers wait for the deadline, which bumps', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    await writer.begin(['Post!'], 1_000);
    expect(await reader.check(stamp, POST, 'strong')).toBe('write-under-way');
    clock.aheadMs += 1_000 + CLOCK_MARGIN_MS;
    await runDurableObjectAlarm(objects.stub(PUBLIC));
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('late commit after the alarm: bumps what was filled in between', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const fence = await writer.begin(['Post!'], 1_000);
    clock.aheadMs += 1_000 + CLOCK_MARGIN_MS;
    const stamp = await reader.fill(POST, 'strong');
    expect(await reader.check(stamp, POST)).toBe('valid');
    await fence.commit(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('an unknown outcome bumps, and keeps readers back until the deadline', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    await (await writer.begin(['Post!'], 1_000)).unknown(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('write-under-way');
    clock.aheadMs += 1_000 + CLOCK_MARGIN_MS;
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('is acknowledged when the database has committed: the object is told meanwhile, and readers bypass', async () => {
    const writing = new TestIsolate(objects, true);
    const [writer, reader] = [writing.client(), there.client()];
    const stamp = await reader.fill(POST);
    const fence = await writer.begin(['Post!']);
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    writing.before = ({ method }) => (method === 'commit' ? told : undefined);
    expect((await fence.commit(['Post!'])).incomplete).toBe(false);
    expect(await reader.check(stamp, POST, 'strong')).toBe('write-under-way');
    expect(await reader.fill(POST, 'strong')).toBeNull();
    tell();
    await Promise.all(writing.background);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
    expect(await reader.fill(POST, 'strong')).not.toBeNull();
  });

  it('is known to its session before the object has been told, here and elsewhere', async () => {
    const writing = new TestIsolate(objects, true);
    const [writer, reader] = [writing.client(), there.client()];
    const stamp = await reader.fill(POST);
    const fence = await writer.begin(['Post!']);
    writing.before = ({ method }) =>
      method === 'commit' ? new Promise(() => undefined) : undefined;
    await fence.commit(['Post!']);
    expect(await writer.check(stamp, POST)).toBe('write-under-way');
    expect(await reader.check(stamp, POST)).toBe('valid');
    expect(await reader.other(writer.session.ticket()).check(stamp, POST)).toBe('write-under-way');
  });

  it('is not followed by what was there before others wrote, though the object has not been told', async () => {
    const writing = new TestIsolate(objects, true);
    const [writer, other] = [writing.client(), there.client()];
    const stamp = await writer.fill(POST);
    const fence = await writer.begin(['User!']);
    await other.write(['Post:42#title']);
    expect(await writer.other().check(stamp, POST)).toBe('valid');
    writing.before = ({ method }) =>
      method === 'commit' ? new Promise(() => undefined) : undefined;
    await fence.commit(['User!']);
    expect(await writer.check(stamp, POST)).toBe('stale');
  });

  it('is bumped at its deadline when the object is never told that it was acknowledged', async () => {
    const writing = new TestIsolate(objects, true);
    const [writer, reader] = [writing.client(), there.client()];
    const stamp = await reader.fill(POST);
    const fence = await writer.begin(['Post!']);
    writing.before = ({ method }) =>
      method === 'commit' ? new Promise(() => undefined) : undefined;
    await fence.commit(['Post!']);
    clock.aheadMs += 1_000 + CLOCK_MARGIN_MS;
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('without a request that is kept alive is acknowledged when the object has been told', async () => {
    const fence = await here.client().begin(['Post!']);
    const release = here.holdFirst('commit');
    let isAcknowledged = false;
    const committed = fence.commit(['Post!']).then(() => (isAcknowledged = true));
    await settle();
    expect(isAcknowledged).toBe(false);
    release();
    await committed;
  });

  it('more scopes than are told apart are told as their models', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    const many = Array.from({ length: 20_000 }, (_, index) => `Post:${index}#title`);
    await client.write(many);
    expect(await client.check(stamp, POST)).toBe('stale');
    expect(await client.check(await client.fill(['*', 'User!']), ['*', 'User!'])).toBe('valid');
  });
});

describe('how often the coordinator is asked', () => {
  it('concurrent strong reads share one call that begins after all of them', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    here.calls.length = 0;
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, () => client.other().check(stamp, POST, 'strong')),
    );
    expect(new Set(verdicts)).toEqual(new Set(['valid']));
    // The first begins at once; the others could not know that it would be late enough for them.
    expect(here.count('sync')).toBe(2);
  });

  it('a strong reader does not take a call that began before it', async () => {
    const [reader, writer] = [here.client(), there.client()];
    const stamp = await reader.fill(POST);
    let answered = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    here.after = async ({ method }) => {
      answered += 1;
      if (method === 'sync' && answered === 1) await held;
    };
    const first = reader.other().check(stamp, POST, 'strong');
    await settle();
    await writer.write(['Post!']);
    const second = reader.other().check(stamp, POST, 'strong');
    await settle();
    release();
    expect(await first).toBe('valid');
    expect(await second).toBe('stale');
  });

  it('a strong reader of an isolate that knows nothing yet does not take a call that began before it', async () => {
    const stamp = await there.client().fill(POST);
    const reader = here.client();
    const release = here.holdFirst('sync');
    const first = reader.other().check(stamp, POST, 'strong');
    await settle();
    await there.client().write(['Post!']);
    const second = reader.other().check(stamp, POST, 'strong');
    await settle();
    release();
    expect(await first).toBe('valid');
    expect(await second).toBe('stale');
  });

  it('session reads ask once in maxStalenessMs', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    here.calls.length = 0;
    for (let read = 0; read < 100; read++) {
      clock.aheadMs += 100;
      expect(await client.other().check(stamp, POST)).toBe('valid');
    }
    expect(here.calls.length).toBeLessThanOrEqual(2);
  });

  it('a fresh isolate does not miss: what it cannot know of an old entry it asks, once', async () => {
    const writer = here.client();
    const old = await writer.fill(POST);
    const wide = Array.from({ length: 900 }, (_, index) => `User:${index}#name`);
    for (let round = 0; round < 8; round++) await writer.write(wide);
    const recent = await writer.fill(['*', 'User!']);
    const reader = there.client();
    expect(await reader.check(recent, ['*', 'User!'])).toBe('valid');
    expect(there.count('check')).toBe(0);
    for (let read = 0; read < 5; read++) expect(await reader.check(old, POST)).toBe('valid');
    expect(there.count('check')).toBe(1);
    await writer.write(['Post!']);
    expect(await reader.check(old, POST, 'strong')).toBe('stale');
    expect(await new TestIsolate(objects).client().check(old, POST)).toBe('stale');
  });
});

describe('a coordinator in trouble', () => {
  it('unreachable: reads do not know, and do not wait for each other', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    here.before = UNREACHABLE;
    here.calls.length = 0;
    for (let read = 0; read < 10; read++) {
      const failure: unknown = await client.check(stamp, POST, 'strong').catch((e: unknown) => e);
      expect(isBoostError(failure, 'BOOST_COORDINATOR_FAILED')).toBe(true);
    }
    expect(here.calls.length).toBe(1);
    here.before = () => undefined;
    clock.aheadMs += 1_001;
    expect(await client.check(stamp, POST, 'strong')).toBe('valid');
  });

  it('unreachable: a write fails before the database is asked', async () => {
    here.before = UNREACHABLE;
    const failure: unknown = await here
      .client()
      .begin(['Post!'])
      .catch((e: unknown) => e);
    expect(isBoostError(failure, 'BOOST_WRITE_UNFENCED')).toBe(true);
  });

  it('unreachable half-way: what was announced already is taken back', async () => {
    await age('epoch-acme');
    const client = here.client({ tenant: 'acme' });
    const stamp = await client.fill(POST);
    here.before = ({ name, method }) => {
      if (name === PUBLIC && method === 'begin') UNREACHABLE();
    };
    await expect(client.begin(['Post!'])).rejects.toThrow('BOOST_WRITE_UNFENCED');
    await Promise.all(here.background);
    here.before = () => undefined;
    expect(await client.check(stamp, POST, 'strong')).toBe('valid');
  });

  it('allowUnfenced: the write goes on, this isolate bypasses what it changed, and tells it later', async () => {
    const client = here.client({ usesStrong: false });
    const stamp = await client.fill(POST);
    const other = there.client();
    here.before = UNREACHABLE;
    const fence = await client.begin(['Post!']);
    expect((await fence.commit(['Post!'])).incomplete).toBe(true);
    expect(await client.other().check(stamp, POST)).toBe('bump-pending');
    expect(await client.other().fill(POST)).toBeNull();
    await expect(client.check(stamp, POST)).rejects.toThrow('BOOST_COORDINATOR_FAILED');
    here.before = () => undefined;
    await here.advance(200);
    await Promise.all(here.background);
    clock.aheadMs += 1_001;
    expect(await other.check(stamp, POST)).toBe('stale');
    expect(await client.check(stamp, POST)).toBe('stale');
  });

  it('allowUnfenced: whoever goes on elsewhere with the ticket sees the write, told or not', async () => {
    const elsewhere = there.client();
    const stamp = await elsewhere.fill(POST);
    const client = here.client({ usesStrong: false });
    here.before = UNREACHABLE;
    await (await client.begin(['Post!'])).commit(['Post!']);
    const ticket = client.session.ticket();
    expect(await elsewhere.other().check(stamp, POST)).toBe('valid');
    expect(await elsewhere.other(ticket).check(stamp, POST)).toBe('stale');
    expect(elsewhere.other(ticket).allows(stamp)).toBe(false);
    const handedOn = elsewhere.other(ticket).session.ticket();
    expect(await elsewhere.other(handedOn).check(stamp, POST)).toBe('stale');
    const laterMs = Date.now() + clock.aheadMs + 2_001;
    expect(await elsewhere.other(ticket).check(stamp, POST, 'session', laterMs)).toBe('valid');
  });

  it('a write whose fence stands needs no mark: the object closes it by itself', async () => {
    const elsewhere = there.client();
    const stamp = await elsewhere.fill(POST);
    const client = here.client();
    const fence = await client.begin(['Post!']);
    here.before = UNREACHABLE;
    expect((await fence.commit(['Post!'])).incomplete).toBe(false);
    const ticket = client.session.ticket();
    expect(await elsewhere.other(ticket).check(stamp, POST)).toBe('write-under-way');
    expect(ticket).toMatch(/^c1\.\.[0-9a-z]+$/);
  });

  it('allowUnfenced: the next request tells it when the one that wrote is gone', async () => {
    const client = here.client({ usesStrong: false });
    const stamp = await client.fill(POST);
    here.before = UNREACHABLE;
    await (await client.begin(['Post!'])).commit(['Post!']);
    here.before = () => undefined;
    // No timer of the writing request fires any more.
    clock.aheadMs += 5_001;
    const next = here.client({ usesStrong: false });
    expect(await next.check(stamp, POST)).toBe('stale');
    expect(await there.client().check(stamp, POST)).toBe('stale');
  });

  it('allowUnfenced: strong reads ask the database', () => {
    const { authority, ...client } = here.client({ allowUnfenced: true });
    const strong = { ...here.client().context('strong'), ...client };
    expect(authority.refuses(strong, POST)).toBe('strong-needs-fences');
    expect(here.client().authority.refuses(strong, POST)).toBeUndefined();
  });

  it('a commit whose answer is lost has a fence to close: it is told again, and counts once', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    const fence = await client.begin(['Post!']);
    here.after = UNREACHABLE;
    expect((await fence.commit(['Post!'])).incomplete).toBe(false);
    here.after = () => undefined;
    const filled = await there.client().fill(POST, 'strong');
    await here.advance(200);
    await Promise.all(here.background);
    expect(await client.check(stamp, POST)).toBe('stale');
    expect(await client.check(filled, POST)).toBe('valid');
  });

  it('.retryable is tried again', async () => {
    let failures = 0;
    here.before = () => {
      failures += 1;
      if (failures <= 2) throw Object.assign(new Error('moved'), { retryable: true });
    };
    const opened = here.client().open(POST);
    await here.advance(300);
    await here.advance(300);
    await opened;
    expect(here.count('sync')).toBe(3);
  });

  it('.overloaded is not', async () => {
    here.before = () => {
      throw Object.assign(new Error('busy'), { retryable: true, overloaded: true });
    };
    await expect(here.client().open(POST)).rejects.toThrow('BOOST_COORDINATOR_FAILED');
    expect(here.count('sync')).toBe(1);
  });

  it('an object that does not answer has a deadline', async () => {
    here.before = () => new Promise(() => undefined);
    const opened = here
      .client()
      .open(POST)
      .catch((error: unknown) => error);
    await here.advance(2_000);
    expect(isBoostError(await opened, 'BOOST_COORDINATOR_FAILED')).toBe(true);
  });

  it('a call whose request has died does not hold the others', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    here.before = () => new Promise(() => undefined);
    void client
      .other()
      .check(stamp, POST, 'strong')
      .catch(() => undefined);
    await settle();
    here.before = () => undefined;
    const second = client.other().check(stamp, POST, 'strong');
    await here.advance(4_000);
    expect(await second).toBe('valid');
  });

  it('a write that may take longer than an announcement is kept does not happen', async () => {
    const begun = here.client().begin(['Post!'], MAX_WRITE_DEADLINE_MS + 1);
    await expect(begun).rejects.toThrow('BOOST_WRITE_UNFENCED');
  });

  it('incarnation loss: nothing is answered or filled until no lost write can be under way', async () => {
    const client = here.client();
    const stamp = await client.fill(POST);
    await client.begin(['Post!']);
    const object = objects.stub(PUBLIC) as never;
    await runInDurableObject(object, (_, { storage }) => storage.deleteAll());
    await evictDurableObject(object);
    expect(await client.check(stamp, POST, 'strong')).toBe('coordinator-new');
    expect(await client.fill(POST, 'strong')).toBeNull();
    clock.aheadMs += QUIET_MS;
    expect(await client.check(stamp, POST, 'strong')).toBe('stale');
    expect(await client.check(await client.fill(POST), POST)).toBe('valid');
  });
});

describe('tenants', () => {
  it('have objects of their own: a write of one leaves the entries of others', async () => {
    await age('epoch-acme', 'epoch-beta');
    const acme = here.client({ tenant: 'acme' });
    const beta = here.client({ tenant: 'beta' });
    const stamps = [await acme.fill(POST), await beta.fill(POST)] as const;
    await there.client({ tenant: 'acme' }).write(POST);
    expect(await acme.check(stamps[0], POST, 'strong')).toBe('stale');
    expect(await beta.check(stamps[1], POST, 'strong')).toBe('valid');
    expect(await beta.check(stamps[0], POST, 'strong')).toBe('stale');
    const asked = new Set(there.calls.map(({ name }) => name));
    expect(asked).toEqual(new Set(['epoch-acme', PUBLIC]));
  });

  it('what was found current for a tenant is not current for reads without tenant', async () => {
    await age('epoch-acme', 'epoch-beta');
    const none = here.client({ tenant: null });
    const acme = here.client({ tenant: 'acme' });
    const [ofAll, ofAcme] = [await none.fill(POST), await acme.fill(POST)];
    await here.client({ tenant: 'beta' }).write(POST);
    const wide = Array.from({ length: 900 }, (_, index) => `User:${index}#name`);
    for (let round = 0; round < 4; round++) await none.write(wide);
    expect(await there.client({ tenant: 'acme' }).check(ofAcme, POST)).toBe('valid');
    expect(there.count('check')).toBe(1);
    expect(await there.client({ tenant: null }).check(ofAll, POST)).toBe('stale');
  });

  it('a write without tenant reaches all, one of a tenant the reads without tenant', async () => {
    await age('epoch-acme');
    const acme = here.client({ tenant: 'acme' });
    const none = here.client({ tenant: null });
    const before = [await acme.fill(POST), await none.fill(POST)] as const;
    await none.write(['Post:42#title']);
    expect(await acme.check(before[0], POST, 'strong')).toBe('stale');
    expect(await none.check(before[1], POST, 'strong')).toBe('stale');
    const after = await none.fill(POST);
    await acme.write(['Post:7#title']);
    expect(await none.check(after, POST, 'strong')).toBe('stale');
  });

  it('crossTenant: false: a tenant asks its own object alone, and nothing concerns several', async () => {
    await age('epoch-acme', 'epoch-beta');
    const apart = { crossTenant: false } as const;
    const acme = here.client({ tenant: 'acme', ...apart });
    const beta = here.client({ tenant: 'beta', ...apart });
    const stamps = [await acme.fill(POST), await beta.fill(POST)] as const;
    const writer = there.client({ tenant: 'acme', ...apart });
    await writer.write(['Post!', 'Post:42#title', 'Post!']);
    expect(await acme.check(stamps[0], POST, 'strong')).toBe('stale');
    expect(await beta.check(stamps[1], POST, 'strong')).toBe('valid');
    expect(await acme.check(stamps[1], POST, 'strong')).toBe('stale');
    const asked = new Set([...here.calls, ...there.calls].map(({ name }) => name));
    expect(asked).toEqual(new Set(['epoch-acme', 'epoch-beta']));
  });

  it.each([{ tenant: null }, {}])(
    'crossTenant: false: without tenant (%j) nothing is cached or written',
    async (context) => {
      const none = here.client({ ...context, crossTenant: false });
      expect(none.authority.refuses(none.context(), POST)).toBe('no-tenant');
      await expect(none.begin(POST)).rejects.toThrow('BOOST_WRITE_UNFENCED');
      expect(here.calls).toEqual([]);
    },
  );

  it('crossTenant: an entry of tenants that are apart is none where a write may concern several', async () => {
    await age('epoch-acme');
    const apart = await here.client({ tenant: 'acme', crossTenant: false }).fill(POST);
    expect(await here.client({ tenant: 'acme' }).check(apart, POST)).toBe('stale');
  });

  it('a write to a shared model reaches all', async () => {
    await age('epoch-acme', 'epoch-beta');
    const isShared = (model: string): boolean => model === 'Country';
    const beta = here.client({ tenant: 'beta', isShared });
    const COUNTRY = ['*', 'Country!', 'Country:1#name'];
    const stamp = await beta.fill(COUNTRY);
    await there.client({ tenant: 'acme', isShared }).write(['Country:1#name']);
    expect(await beta.check(stamp, COUNTRY, 'strong')).toBe('stale');
  });

  it('50 at once', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `tenant ${index}`);
    await age(...names.map((_, index) => `epoch-tenant~20${index}`));
    const stamps = await Promise.all(names.map((tenant) => here.client({ tenant }).fill(POST)));
    const writers = names.filter((_, index) => index % 2 === 0);
    await Promise.all(writers.map((tenant) => there.client({ tenant }).write(POST)));
    const verdicts = await Promise.all(
      names.map((tenant, index) =>
        here.client({ tenant }).check(stamps[index] ?? null, POST, 'strong'),
      ),
    );
    verdicts.forEach((verdict, index) => expect(verdict).toBe(index % 2 === 0 ? 'stale' : 'valid'));
  });
});

describe('options', () => {
  const { namespace } = { namespace: { idFromName: (name: string) => name, get: () => ({}) } };

  it.each([
    ['sharding.defaultShards', { sharding: { defaultShards: 0 } }],
    ['namespace', { namespace: {} as never }],
    ['maxStalenessMs', { maxStalenessMs: -1 }],
    ['allowUnfenced', { allowUnfenced: 'yes' as never }],
    ['crossTenant', { crossTenant: 'no' as never }],
    ['locationHint', { locationHint: '' }],
  ])('refuses a wrong %s', (option, own) => {
    expect(() => here.client({ namespace, ...own })).toThrow(`coordinator.${option}`);
  });
});
