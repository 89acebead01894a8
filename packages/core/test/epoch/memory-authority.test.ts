import { beforeEach, describe, expect, it } from 'vitest';
import type {
  Authority,
  Capture,
  Fence,
  ReadContext,
  Stamp,
  Verdict,
  View,
} from '../../src/epoch/authority.js';
import { createMemoryAuthority } from '../../src/epoch/memory-authority.js';
import type { Scope } from '../../src/scope/scope.js';
import { Surroundings } from '../support/surroundings.js';

const NO_TIMES = { startMs: 0, endMs: 0 };
const POST: readonly Scope[] = ['*', 'Post!', 'Post:42#title'];

describe('the memory authority', () => {
  let surroundings: Surroundings;
  let authority: Authority;
  let read: ReadContext;
  let writes = 0;

  beforeEach(() => {
    surroundings = new Surroundings();
    const { clock, random } = surroundings.ports;
    authority = createMemoryAuthority({ clock, random });
    read = reader();
  });

  function reader(tenant?: string | null): ReadContext {
    return { tenant, session: authority.session(), key: 'q', consistency: 'strong' };
  }

  async function open(context = read, scopes = POST): Promise<View> {
    return authority.open(context, scopes, new Map());
  }

  /** The stamp of an entry that is filled now. */
  async function fill(context = read, scopes = POST): Promise<Stamp> {
    const capture = (await open(context, scopes)).capture() as Capture;
    return (await capture.stamp(scopes, NO_TIMES)) as Stamp;
  }

  async function check(stamp: Stamp, context = read, scopes = POST): Promise<Verdict['kind']> {
    return (await (await open(context, scopes)).check(stamp, NO_TIMES)).kind;
  }

  function begin(scopes: readonly Scope[], tenant?: string | null, id?: string): Promise<Fence> {
    writes += 1;
    const session = authority.session();
    const write = { tenant, session, id: id ?? `w${writes}`, deadlineMs: 1_000 };
    return authority.begin(write, scopes);
  }

  it.each(['Post!', '*', 'Post:42#title'])('invalidates what depends on %s', async (scope) => {
    const stamp = await fill();
    expect(await check(stamp)).toBe('valid');
    await (await begin([scope])).commit([scope]);
    expect(await check(stamp)).toBe('stale');
    expect(await check(await fill())).toBe('valid');
  });

  it('leaves alone what does not', async () => {
    const stamp = await fill();
    await (await begin(['Post:43#title'])).commit(['Post:43#title']);
    expect(await check(stamp)).toBe('valid');
  });

  it('holds readers back while a write is under way, and lets them on when it is aborted', async () => {
    const stamp = await fill();
    const fence = await begin(['Post!']);
    expect(await check(stamp)).toBe('bypass');
    expect((await open()).capture()).toMatchObject({ kind: 'bypass' });
    await fence.abort();
    expect(await check(stamp)).toBe('valid');
  });

  it('holds them back from what a fence was widened to', async () => {
    const stamp = await fill();
    const fence = await begin(['User!']);
    expect(await check(stamp)).toBe('valid');
    await fence.extend(['Post:42#title']);
    expect(await check(stamp)).toBe('bypass');
  });

  it('stores nothing under a capture that a write has overtaken', async () => {
    const capture = (await open()).capture() as Capture;
    const fence = await begin(['Post:42#title']);
    expect(await capture.stamp(POST, NO_TIMES)).toBeNull();
    await fence.commit(['Post:42#title']);
    expect(await capture.stamp(POST, NO_TIMES)).toBeNull();
    expect(await capture.stamp(['*', 'User!'], NO_TIMES)).not.toBeNull();
  });

  it('closes a writer that is not heard of at its deadline, with a bump', async () => {
    const stamp = await fill();
    await begin(['Post!']);
    await surroundings.advance(999);
    expect(await check(stamp)).toBe('bypass');
    await surroundings.advance(1);
    expect(await check(stamp)).toBe('stale');
  });

  it('bumps a commit that comes after the alarm', async () => {
    const fence = await begin(['Post!']);
    await surroundings.advance(1_000);
    const stamp = await fill();
    await fence.commit(['Post!']);
    expect(await check(stamp)).toBe('stale');
  });

  it('ignores the repeat of a commit, and nothing else', async () => {
    const first = await begin(['Post!'], undefined, 'same');
    await first.commit(['Post!']);
    const stamp = await fill();
    await first.commit(['Post!']);
    expect(await check(stamp)).toBe('valid');
    await (await begin(['Post!'], undefined, 'other')).commit(['Post!']);
    expect(await check(stamp)).toBe('stale');
  });

  it('bumps an unknown outcome at once, and again at the deadline', async () => {
    const stamp = await fill();
    await (await begin(['Post!'])).unknown(['Post!']);
    expect(await check(stamp)).toBe('bypass');
    await surroundings.advance(1_000);
    expect(await check(stamp)).toBe('stale');
    expect(await check(await fill())).toBe('valid');
  });

  it('takes no stamp of another log, nor one that is none', async () => {
    const { clock, random } = surroundings.ports;
    const other = createMemoryAuthority({ clock, random });
    const view = await other.open(read, POST, new Map());
    const foreign = await (view.capture() as Capture).stamp(POST, NO_TIMES);
    const [incarnation] = await fill();
    for (const stamp of [foreign, [], [incarnation], [incarnation, 'x'], [incarnation, 0, 1]]) {
      expect(await check(stamp as Stamp)).toBe('stale');
    }
  });

  it('takes no stamp that lacks a scope of the query', async () => {
    const [incarnation, seq] = await fill();
    expect(await check([incarnation, seq, 'public-up:*'])).toBe('stale');
  });

  it('raises its floor instead of growing without bound', async () => {
    const { clock, random } = surroundings.ports;
    authority = createMemoryAuthority({ clock, random, maxBumps: 10 });
    const stamp = await fill();
    for (let i = 0; i < 6; i++) await (await begin([`User:${i}`])).commit([`User:${i}`]);
    expect(await check(stamp)).toBe('stale');
    expect(await check(await fill())).toBe('valid');
  });

  it('lets a reader join what is current, and only that', async () => {
    const stamp = await fill();
    expect(authority.allows(read, stamp, NO_TIMES)).toBe(true);
    await (await begin(['Post!'])).commit(['Post!']);
    expect(authority.allows(read, stamp, NO_TIMES)).toBe(false);
  });

  it('keeps tenants apart and lets writes without tenant reach them', async () => {
    const acme = reader('acme');
    const beta = reader('beta');
    const none = reader(null);
    const stamps = [await fill(acme), await fill(beta), await fill(none)] as const;
    await (await begin(['Post!'], 'acme')).commit(['Post!']);
    expect(await check(stamps[0], acme)).toBe('stale');
    expect(await check(stamps[1], beta)).toBe('valid');
    expect(await check(stamps[2], none)).toBe('stale');
    await (await begin(['Post!'], null)).commit(['Post!']);
    expect(await check(stamps[1], beta)).toBe('stale');
  });
});
