import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { LogPosition, Stamp } from '@boost/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { QUIET_MS } from '../src/limits.js';
import { ownNamespace } from '../src/own-namespace.js';
import { primaryOf, relayName } from '../src/relay-name.js';
import { Objects, settle, TestIsolate, type Client } from './isolate.js';
import { namespaces } from './objects.js';
import { clock, questions, type TestCoordinator } from './worker.js';

const POST = ['*', 'Post!', 'Post:42#title'] as const;
const ACME = 'epoch-acme';
/** A tenant's own object alone: what is asked of the public one is another matter. */
const APART = { tenant: 'acme', crossTenant: false } as const;
const ONE_RELAY = 'epoch-acme.relay-0';

let objects: Objects;
let here: TestIsolate;
let there: TestIsolate;

beforeEach(async () => {
  Object.assign(questions, { count: 0, isHeld: false, fails: false });
  objects = new Objects();
  here = new TestIsolate(objects);
  there = new TestIsolate(objects);
  clock.aheadMs = 0;
  await objects.stub(ACME).sync();
  clock.aheadMs = QUIET_MS;
});

function client(isolate: TestIsolate, shards: number, colo = 'MUC'): Client {
  return isolate.client({ ...APART, sharding: { tenantShards: { acme: shards }, colo } });
}

/** Asked of the primary since, by relays and by others. */
async function asked(run: () => Promise<unknown>): Promise<number> {
  const before = questions.count;
  await run();
  return questions.count - before;
}

/** The relay that an isolate asks. */
function relayOf(isolate: TestIsolate): string {
  const name = isolate.calls.find(({ method }) => method === 'relaySync')?.name;
  if (name === undefined) throw new Error('no relay was asked');
  return name;
}

describe('readers through a relay', () => {
  it('strong: a commit made just before the read began is seen', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    expect(await reader.check(stamp, POST, 'strong')).toBe('valid');
    await client(there, 2).write(['Post:42#title']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
    expect(here.count('sync')).toBe(0);
    expect(here.count('relaySync')).toBeGreaterThan(0);
  });

  it('strong: a question of the relay that began before the read is not joined', async () => {
    const stamp = await client(there, 2).fill(POST);
    const [first, second] = [client(here, 2), client(new TestIsolate(objects), 2)];
    questions.isHeld = true;
    const early = first.check(stamp, POST, 'strong');
    await settle();
    await client(there, 2).write(['Post!']);
    const late = second.check(stamp, POST, 'strong');
    await settle();
    questions.isHeld = false;
    expect(await early).toBe('valid');
    expect(await late).toBe('stale');
  });

  it('many strong readers of many isolates are one question at a time', async () => {
    const stamp = await client(here, 2).fill(POST);
    const isolates = Array.from({ length: 20 }, () => new TestIsolate(objects));
    const verdicts: string[] = [];
    const count = await asked(async () => {
      const all = isolates.map((isolate) => client(isolate, 2).check(stamp, POST, 'strong'));
      verdicts.push(...(await Promise.all(all)));
    });
    expect(new Set(verdicts)).toEqual(new Set(['valid']));
    expect(count).toBeLessThanOrEqual(4);
  });

  it('a write under way is known through the relay, and its end', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    const fence = await client(there, 2).begin(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('write-under-way');
    expect(await reader.fill(POST, 'strong')).toBeNull();
    await fence.abort();
    expect(await reader.check(stamp, POST, 'strong')).toBe('valid');
  });

  it('writes go to the primary alone', async () => {
    await client(there, 4).write(['Post!']);
    expect(new Set(there.calls.map(({ name }) => name))).toEqual(new Set([ACME]));
  });

  it('session: is answered by what the relay has while that is young', async () => {
    const stamp = await client(there, 2).fill(POST);
    const count = await asked(async () => {
      for (let fresh = 0; fresh < 10; fresh++) {
        expect(await client(new TestIsolate(objects), 2).check(stamp, POST)).toBe('valid');
      }
    });
    expect(count).toBe(0);
    // Half of the time that a copy is good for.
    clock.aheadMs += 2_501;
    const fresh = client(new TestIsolate(objects), 2);
    expect(await asked(() => fresh.check(stamp, POST))).toBe(1);
  });

  it('session: what the relay has is no older than the copy may be', async () => {
    const stamp = await client(there, 2).fill(POST);
    await here.client(APART).write(['Post!']);
    clock.aheadMs += 2_000;
    const reader = new TestIsolate(objects);
    expect(await client(reader, 2).check(stamp, POST)).toBe('valid');
    // 2 seconds at the relay and 3.1 here are more than 5.
    clock.aheadMs += 3_100;
    expect(await client(reader, 2).check(stamp, POST)).toBe('stale');
  });

  it('an old entry is asked for at the relay', async () => {
    const writer = client(here, 2);
    const old = await writer.fill(POST);
    const wide = Array.from({ length: 900 }, (_, index) => `User:${index}#name`);
    for (let round = 0; round < 8; round++) await writer.write(wide);
    await writer.fill(['*', 'User!']);
    expect(await client(there, 2).check(old, POST, 'strong')).toBe('valid');
    expect([there.count('relayCheck'), there.count('check')]).toEqual([1, 0]);
    await writer.write(['Post!']);
    expect(await client(new TestIsolate(objects), 2).check(old, POST, 'strong')).toBe('stale');
  });
});

describe('a relay behind its primary', () => {
  let stamp: Stamp | null;
  let ticket: string;

  beforeEach(async () => {
    stamp = await client(there, 2).fill(POST);
    const writer = here.client(APART);
    await writer.write(['Post!']);
    ticket = writer.session.ticket();
  });

  it('asks first when the ticket is newer', async () => {
    const reader = client(new TestIsolate(objects), 2);
    expect(await reader.check(stamp, POST)).toBe('valid');
    expect(await reader.other(ticket).check(stamp, POST)).toBe('stale');
  });

  it('asks first when the ticket is newer, and it is the first that the isolate hears', async () => {
    const reader = client(new TestIsolate(objects), 2);
    expect(await reader.other(ticket).check(stamp, POST)).toBe('stale');
  });

  it('answers by what it has whoever has seen no more, and asks for all others', async () => {
    const name = `${objects.prefix}epoch-acme.relay-1`;
    const relay = namespaces.SQLITE.getByName(name);
    const ask = async (positions: readonly LogPosition[], since?: LogPosition): Promise<boolean> =>
      (await relay.relaySync({ name, placement: {} }, since, { maxAgeMs: 60_000, positions }))
        .isCurrent;
    const { incarnation, seq } = await relay.relaySync({ name, placement: {} });
    const known = { incarnation, seq };
    expect(await ask([known], known)).toBe(false);
    const after = async (write: boolean): Promise<LogPosition> => {
      if (write) await here.client(APART).write(['User!']);
      const { seq: now } = await objects.stub(ACME).sync();
      return { incarnation, seq: now };
    };
    expect(await ask([await after(true)])).toBe(true);
    expect(await ask([], await after(true))).toBe(true);
    expect(await ask([{ incarnation: 'another', seq: 0 }])).toBe(true);
    expect(await ask([await after(false)], known)).toBe(false);
  });

  it('asks first when the isolate has heard more of the primary', async () => {
    const isolate = new TestIsolate(objects);
    const writer = client(isolate, 2);
    await writer.write(['User!']);
    const count = await asked(async () => {
      clock.aheadMs += 5_001;
      expect(await writer.other().check(stamp, POST)).toBe('stale');
    });
    expect(count).toBe(1);
  });

  it('never takes an isolate back behind what it has heard', async () => {
    const isolate = new TestIsolate(objects);
    const current = await here.client(APART).fill(POST);
    const reader = client(isolate, 2);
    expect(await reader.check(current, POST)).toBe('valid');
    expect(await reader.check(stamp, POST)).toBe('stale');
  });
});

describe('two deployed relay counts', () => {
  it('at once: entries, tickets and writes of each hold for the other', async () => {
    const counts = [1, 2, 3, 7];
    const clients = counts.map((shards, index) =>
      client(new TestIsolate(objects), shards, `colo ${index}`),
    );
    for (const writer of clients) {
      const stamps = await Promise.all(clients.map((each) => each.fill(POST, 'strong')));
      for (const each of clients) {
        for (const stamp of stamps) expect(await each.check(stamp, POST, 'strong')).toBe('valid');
      }
      await writer.write(['Post:42#title']);
      const ticket = writer.session.ticket();
      for (const each of clients) {
        for (const stamp of stamps) {
          expect(await each.other(ticket).check(stamp, POST)).toBe('stale');
          expect(await each.check(stamp, POST, 'strong')).toBe('stale');
        }
      }
    }
  });

  it('a count that changes leaves entries valid that are, and no other', async () => {
    const stamps = [await client(here, 8).fill(POST), await client(here, 8).fill(['*', 'User!'])];
    await client(here, 8).write(['Post!']);
    const after = client(there, 3);
    expect(await after.check(stamps[0] ?? null, POST, 'strong')).toBe('stale');
    expect(await after.check(stamps[1] ?? null, ['*', 'User!'], 'strong')).toBe('valid');
  });

  it('for what belongs to no tenant: another count with tenants than without', async () => {
    const sharding = { defaultShards: 3, publicShards: 2, colo: 'MUC' };
    const none = here.client({ tenant: null, sharding });
    const nobody = here.client({ sharding });
    await none.open(POST, 'strong');
    await nobody.open(POST, 'strong');
    await here.client({ tenant: 'acme', sharding }).open(POST, 'strong');
    const names = new Set(here.calls.map(({ method, name }) => `${method} ${name}`));
    const relays = [...names].filter((name) => name.startsWith('relaySync epoch-public-0.relay-'));
    expect(relays.length).toBeGreaterThan(0);
    expect(names).toEqual(new Set([...relays, `sync ${ACME}`]));
  });
});

describe('what fails', () => {
  it('the relay is restarted: it stores nothing, and asks for everything again', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    const relay = objects.stub(relayOf(here));
    const stored = await runInDurableObject(relay, async (_, { storage }) => storage.list());
    expect(stored.size).toBe(0);
    await client(there, 2).write(['User!']);
    await evictDurableObject(relay);
    expect(await reader.check(stamp, POST, 'strong')).toBe('valid');
    await client(there, 2).write(['Post!']);
    await evictDurableObject(relay);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
    expect(here.errors).toEqual([]);
  });

  it('the relay is unreachable: the primary is asked, and for a while it alone', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    here.calls.length = 0;
    here.before = ({ name }) => {
      if (name !== ACME) throw new Error('the network is down');
    };
    await client(there, 2).write(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
    expect([here.count('relaySync'), here.count('sync')]).toEqual([1, 2]);
    expect(here.errors.map(({ operation }) => operation)).toEqual(['relay']);
  });

  it('the primary is unreachable for the relay: readers ask it themselves', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    here.before = ({ method }) => {
      questions.fails = method !== 'sync';
    };
    await client(there, 2).write(['Post!']);
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
  });

  it('the primary is unreachable for all: nobody is answered, and nothing is written', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    here.before = ({ name }) => {
      if (name === ACME) throw new Error('the network is down');
    };
    questions.fails = true;
    await expect(reader.check(stamp, POST, 'strong')).rejects.toThrow('BOOST_COORDINATOR_FAILED');
    await expect(reader.write(['Post!'])).rejects.toThrow('BOOST_WRITE_UNFENCED');
  });

  it('the primary has lost its storage: the relay passes on that it is new', async () => {
    const reader = client(here, 2);
    const stamp = await reader.fill(POST);
    const primary = objects.stub(ACME);
    await runInDurableObject(primary, (_, { storage }) => storage.deleteAll());
    await evictDurableObject(primary);
    expect(await reader.check(stamp, POST, 'strong')).toBe('coordinator-new');
    expect(await client(there, 2).fill(POST)).toBeNull();
    clock.aheadMs += QUIET_MS;
    expect(await reader.check(stamp, POST, 'strong')).toBe('stale');
    expect(await client(there, 2).fill(POST, 'strong')).not.toBeNull();
  });

  it('the primary was set back: whoever has seen more than the relay tells it', async () => {
    const primary = objects.stub(ACME);
    const saved = await runInDurableObject(primary, async (_, { storage }) => storage.list());
    await runInDurableObject(primary, async (object: TestCoordinator) => {
      for (let n = 0; n < 1_100; n++) await object.commit(`w${n}`, Float64Array.of(1));
    });
    const stamp = await here.client(APART).fill(POST);
    await runInDurableObject(primary, async (_, { storage }) => {
      await storage.deleteAll();
      await storage.put(Object.fromEntries(saved));
    });
    await evictDurableObject(primary);
    const reader = client(here, 2);
    expect(await reader.check(stamp, POST, 'strong')).toBe('coordinator-new');
  });
});

describe('the way to the primary', () => {
  it('a relay is named after its primary, as no tenant can be', () => {
    expect(primaryOf(relayName('epoch-a~2eb', 12))).toBe('epoch-a~2eb');
    for (const name of ['epoch-a', 'epoch-a.relay-', 'relay-1', '.relay-1', 'epoch-a.relay-x']) {
      expect(primaryOf(name)).toBeUndefined();
    }
  });

  it('is the binding that made the relay, whatever else the worker is bound to', async () => {
    const name = objects.prefix + ONE_RELAY;
    const pretends: unknown = new Proxy(() => undefined, { get: () => () => pretends });
    for (const kind of ['SQLITE', 'PLAIN'] as const) {
      const found = await runInDurableObject(namespaces[kind].getByName(name), (_, { id }) => {
        const others = { a: null, b: 'text', c: { get: () => undefined }, d: pretends };
        return ownNamespace({ ...others, ...env }, id, name, undefined) === namespaces[kind];
      });
      expect(found).toBe(true);
    }
  });

  it('is looked for where the objects of a jurisdiction are', () => {
    const idFromName = (name: string): string => name;
    const ofEurope = { idFromName: (name: string) => `eu ${name}` };
    const binding = { idFromName, get: idFromName, jurisdiction: () => ofEurope };
    const id = { equals: (other: unknown) => other === 'eu a.relay-0' };
    expect(ownNamespace({ binding }, id, 'a.relay-0', 'eu')).toBe(binding);
    expect(() => ownNamespace({ binding }, id, 'a.relay-0', undefined)).toThrow('no way');
  });

  it.each([
    ['epoch-other.relay-0', 'needs a Durable Object binding'],
    ['epoch-other', 'the name of a relay'],
  ])('without one the object says what is missing (%s)', async (name, missing) => {
    const stub = namespaces.SQLITE.getByName(objects.prefix + ONE_RELAY);
    const told = await runInDurableObject(stub, async (object: TestCoordinator) => {
      const [outcome] = await Promise.allSettled([object.relaySync({ name, placement: {} })]);
      return outcome.status === 'rejected' ? String(outcome.reason) : outcome.status;
    });
    expect(told).toContain(missing);
  });
});
