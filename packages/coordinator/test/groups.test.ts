import type { ModelGroups, Stamp } from '@boost/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { GROUPS_KNOWN_MS, QUIET_MS } from '../src/limits.js';
import { Objects, settle, TestIsolate, type Client } from './isolate.js';
import { clock } from './worker.js';

const POST = ['*', 'Post!', 'Post:42#title'] as const;
const USER = ['*', 'User!', 'User:7#name'] as const;
const BOTH = ['*', 'Post!', 'Post:42#title', 'User!'] as const;
const PUBLIC = 'epoch-public-0';
const ONE: ModelGroups = { version: 1, groups: [['Post', 'Comment'], ['User']] };
const TWO: ModelGroups = { version: 2, groups: [['User', 'Post']] };

let objects: Objects;
let here: TestIsolate;
let there: TestIsolate;

/** Older than a change of the groups is quiet. */
function age(): void {
  clock.aheadMs += QUIET_MS;
}

function grouped(isolate: TestIsolate, defaultGroups?: ModelGroups): Client {
  return isolate.client(defaultGroups === undefined ? {} : { sharding: { defaultGroups } });
}

/** The groups are in force, and everything may be cached. */
async function inForce(groups: ModelGroups): Promise<Client> {
  const client = grouped(here, groups);
  for (const scopes of [BOTH, BOTH]) {
    await client.fill(scopes);
    age();
  }
  return client;
}

beforeEach(async () => {
  clock.aheadMs = 0;
  objects = new Objects();
  here = new TestIsolate(objects);
  there = new TestIsolate(objects);
  await objects.stub(PUBLIC).sync();
  age();
});

describe('groups of models', () => {
  it('a write tells the object of its group alone, a read of several asks each', async () => {
    const client = await inForce(ONE);
    here.calls.length = 0;
    await client.write(['Post:42#title']);
    expect(here.calls.filter(({ method }) => method === 'begin')).toEqual([
      { method: 'begin', name: `${PUBLIC}.g1-0` },
    ]);
    here.calls.length = 0;
    expect(await client.check(await client.fill(BOTH), BOTH, 'strong')).toBe('valid');
    const synced = here.calls.filter(({ method }) => method === 'sync').map(({ name }) => name);
    expect(new Set(synced)).toEqual(new Set([PUBLIC, `${PUBLIC}.g1-0`, `${PUBLIC}.g1-1`]));
  });

  it('a write is seen by reads of its group, of several, and by nobody else', async () => {
    const client = await inForce(ONE);
    const other = grouped(there, ONE);
    const [post, user, both] = [
      await other.fill(POST),
      await other.fill(USER),
      await other.fill(BOTH),
    ];
    await client.write(['Post:42#title']);
    expect(await other.check(post, POST, 'strong')).toBe('stale');
    expect(await other.check(both, BOTH, 'strong')).toBe('stale');
    expect(await other.check(user, USER, 'strong')).toBe('valid');
  });

  it('a write to everything tells every object, one to a model of no group the first', async () => {
    const client = await inForce(ONE);
    const [post, user] = [await client.fill(POST), await client.fill(USER)];
    await client.write(['*']);
    expect(await client.check(post, POST)).toBe('stale');
    expect(await client.check(user, USER)).toBe('stale');
    here.calls.length = 0;
    await client.write(['Tag!']);
    expect(here.calls.map(({ name }) => name)).toEqual([PUBLIC, PUBLIC]);
  });

  it('changing them: no old entry is valid, and nothing is filled until the last writer has heard', async () => {
    const old = grouped(there);
    const stamp = await old.fill(POST);
    const client = grouped(here, ONE);
    expect(await client.check(stamp, POST)).toBe('coordinator-new');
    expect(await client.fill(POST)).toBeNull();
    clock.aheadMs += QUIET_MS - 5_000;
    expect(await client.fill(POST)).toBeNull();
    clock.aheadMs += 5_000;
    expect(await client.check(stamp, POST)).toBe('stale');
  });

  it('two deployments: who has no groups, or older ones, goes by the newest', async () => {
    const client = await inForce(TWO);
    for (const sharding of [undefined, ONE]) {
      const isolate = new TestIsolate(objects);
      const older = grouped(isolate, sharding);
      const stamp = await client.fill(POST);
      await older.write(['Post:42#title']);
      const told = isolate.calls.filter(({ method }) => method === 'commit');
      expect(told.at(-1)?.name).toBe(`${PUBLIC}.g2-0`);
      expect(await client.check(stamp, POST, 'strong')).toBe('stale');
      expect(await older.check(await client.fill(POST), POST, 'strong')).toBe('valid');
    }
    expect(here.calls.filter(({ method }) => method === 'regroup')).toHaveLength(1);
  });

  it('two deployments: a writer that goes by old groups learns of new ones before readers may cache', async () => {
    const writer = await inForce(ONE);
    const reader = grouped(there, TWO);
    await reader.fill(POST);
    clock.aheadMs += GROUPS_KNOWN_MS + 1;
    here.calls.length = 0;
    await writer.write(['Post!']);
    expect(here.calls.filter(({ method }) => method === 'begin').map(({ name }) => name)).toEqual([
      `${PUBLIC}.g2-0`,
    ]);
  });

  it('a write that was announced under old groups ends before readers may cache under new ones', async () => {
    const writer = await inForce(ONE);
    const fence = await writer.begin(['Post!'], 30_000);
    const reader = grouped(there, TWO);
    expect(await reader.fill(POST)).toBeNull();
    clock.aheadMs += 30_000;
    expect(await reader.fill(POST)).toBeNull();
    await fence.commit(['Post!']);
  });

  it('a session that wrote under new groups sees its write where only the old ones are known', async () => {
    const old = await inForce(ONE);
    const stamp = await old.fill(POST);
    expect(await old.check(stamp, POST)).toBe('valid');
    const writer = grouped(there, TWO);
    await writer.fill(POST);
    clock.aheadMs -= QUIET_MS;
    await writer.write(['Post!']);
    expect(await old.other(writer.session.ticket()).check(stamp, POST)).not.toBe('valid');
  });

  it('what nobody could be told before they changed is told to those who order it now', async () => {
    const reader = await inForce(ONE);
    const writer = there.client({ allowUnfenced: true });
    const stamp = await reader.fill(POST);
    there.before = () => {
      throw new Error('the network is down');
    };
    await (await writer.begin(['Post!'])).commit(['Post!']);
    there.before = () => undefined;
    await there.advance(1_000);
    await settle();
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('a reader may join only what was filled under the groups in force', async () => {
    const client = await inForce(ONE);
    const stamp: Stamp | null = await client.fill(BOTH);
    expect(client.allows(stamp)).toBe(true);
    await grouped(there, TWO).fill(BOTH);
    clock.aheadMs += 6_000;
    await client.fill(BOTH);
    expect(client.allows(stamp)).toBe(false);
  });
});
