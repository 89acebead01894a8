import { describe, expect, it } from 'vitest';
import type { Authority } from '../../src/epoch/authority.js';
import { createMemoryAuthority } from '../../src/epoch/memory-authority.js';
import { BoostError } from '../../src/error.js';
import { sleep } from '../../src/ports.js';
import type { Client } from '../support/client.js';
import type { ClientOptions } from '../support/client.js';
import { FaultyAdapter, type Fault, type FaultyOperation } from '../support/faulty.js';
import { Setup } from '../support/setups.js';

function faulty(): {
  readonly setup: Setup;
  readonly store: FaultyAdapter;
  readonly client: (own?: Partial<ClientOptions>) => Client;
} {
  const setup = new Setup('kv');
  const { timers } = setup.surroundings.ports;
  const store = new FaultyAdapter(setup.adapter, 500, (ms) => sleep(timers, ms));
  return { setup, store, client: (own) => setup.client({ adapter: store.adapter, ...own }) };
}

async function within<Result>(setup: Setup, run: Promise<Result>, ms: number): Promise<Result> {
  await setup.surroundings.advance(ms);
  return Promise.race([
    run,
    setup.surroundings.settle().then(() => Promise.reject(new Error('it hangs'))),
  ]);
}

const KINDS: readonly Fault[] = ['error', 'hang', '429', 'garbage', 'slow'];
const FAULTS = (['get', 'set', 'list'] as const).flatMap((on) =>
  KINDS.map((kind) => [on, kind] as const),
);

/** What `onError` is told of a read under the fault; of nothing where the store still does what it should. */
function toldOfRead(on: FaultyOperation, kind: Fault): readonly string[] {
  if (kind === 'slow' || on === 'list') return [];
  if (kind === 'garbage') return on === 'get' ? ['decode'] : [];
  return [on];
}

describe.each(FAULTS)('when %s of the store ends in %s', (on, kind) => {
  it('the database answers reads within the timeout, and hits resume', async () => {
    const { setup, store, client } = faulty();
    store.fault = { on, kind };
    const reader = client();
    const [, post] = await within(setup, reader.post(1), 2_000);
    expect(post).toMatchObject({ title: 'one' });
    await setup.surroundings.advance(2_000);
    store.fault = undefined;
    await client().post(1);
    await setup.surroundings.settle();
    expect((await client().post(1))[0]).toBe('hit-memory');
  });

  it('writes reach the database, and are seen by their session', async () => {
    const { setup, store, client } = faulty();
    const writer = client();
    await setup.warm(writer);
    store.fault = { on, kind };
    await within(setup, writer.retitle(1, 'new'), 2_000);
    const [, post] = await within(setup, writer.post(1), 2_000);
    expect(post).toMatchObject({ title: 'new' });
    store.fault = undefined;
    expect((await writer.post(1))[1]).toMatchObject({ title: 'new' });
    await setup.surroundings.advance(60_000);
    expect((await client().post(1))[1]).toMatchObject({ title: 'new' });
  });

  it('deletes of what a write made wrong fail alone, and are told of', async () => {
    const { setup, store, client } = faulty();
    const writer = client({ invalidationPolicy: { strategy: 'delete' }, tier: 'pro' });
    await setup.warm(writer);
    store.fault = { on, kind };
    await within(setup, writer.retitle(1, 'new'), 2_000);
    await setup.surroundings.advance(60_000);
    store.fault = undefined;
    expect((await writer.post(1))[1]).toMatchObject({ title: 'new' });
    expect((await client().post(1))[1]).toMatchObject({ title: 'new' });
  });

  it('a transaction commits, and is seen by its session afterwards', async () => {
    const { setup, store, client } = faulty();
    const writer = client();
    await setup.warm(writer);
    store.fault = { on, kind };
    const transaction = writer.transaction();
    await within(setup, writer.retitle(1, 'new', transaction), 2_000);
    await within(setup, transaction.committed(), 2_000);
    expect((await within(setup, writer.post(1), 2_000))[1]).toMatchObject({ title: 'new' });
    store.fault = undefined;
    expect((await writer.post(1))[1]).toMatchObject({ title: 'new' });
    await setup.surroundings.advance(60_000);
    expect((await client().post(1))[1]).toMatchObject({ title: 'new' });
  });

  it('onError hears of each failure once, with its operation', async () => {
    const { setup, store, client } = faulty();
    store.fault = { on, kind };
    const reader = client();
    await within(setup, reader.post(1), 2_000);
    await setup.surroundings.advance(2_000);
    expect(reader.errors.map(({ operation }) => operation)).toEqual(toldOfRead(on, kind));
    for (const { error } of reader.errors) expect(error).toBeInstanceOf(BoostError);
  });
});

describe('a hook that throws', () => {
  it('does not cost the caller the answer, and is told to onError', async () => {
    const setup = new Setup('memory');
    const told: string[] = [];
    const fail = (): never => {
      throw new Error('a bug of the application');
    };
    const onError = (_: unknown, operation: string): void => void told.push(operation);
    const client = setup.client({ onEvent: fail, onInvalidate: fail, onError });
    expect((await client.post(1))[0]).toBe('miss');
    await client.retitle(1, 'new');
    expect(new Set(told)).toEqual(new Set(['hook']));
  });

  it('is survived when it is onError itself', async () => {
    const { setup, store } = faulty();
    store.fault = { on: 'get', kind: 'error' };
    const onError = (): never => {
      throw new Error('a bug of the application');
    };
    const client = setup.client({ adapter: store.adapter, onError });
    expect((await client.post(1))[1]).toMatchObject({ title: 'one' });
  });
});

function memoryAuthority({ surroundings }: Setup): Authority {
  const { clock, random } = surroundings.ports;
  return createMemoryAuthority({ clock, random, granularity: 'model' });
}

/** The authority with some of its methods replaced. */
function overriding(authority: Authority, changes: Partial<Authority>): Authority {
  return {
    name: authority.name,
    granularity: authority.granularity,
    maxScopes: authority.maxScopes,
    session: (ticket) => authority.session(ticket),
    refuses: (...args) => authority.refuses(...args),
    prefetchKeys: (...args) => authority.prefetchKeys(...args),
    open: (...args) => authority.open(...args),
    allows: (...args) => authority.allows(...args),
    answered: (...args) => authority.answered(...args),
    begin: (...args) => authority.begin(...args),
    ...changes,
  };
}

describe('an authority that fails', () => {
  it('at the check makes the read bypass', async () => {
    const setup = new Setup('memory');
    const authority = memoryAuthority(setup);
    const open = (): never => {
      throw new BoostError('BOOST_STORE_FAILED', 'no epochs');
    };
    const client = setup.client({ authority: overriding(authority, { open }) });
    expect((await client.post(1))[0]).toBe('bypass');
    expect(client.errors).toMatchObject([
      { operation: 'epoch', error: { code: 'BOOST_STORE_FAILED' } },
    ]);
  });

  it('at the announcement lets the write go on, and bumps afterwards', async () => {
    const setup = new Setup('memory');
    const authority = memoryAuthority(setup);
    let calls = 0;
    const begin = (
      ...args: Parameters<typeof authority.begin>
    ): ReturnType<typeof authority.begin> => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('overloaded')) : authority.begin(...args);
    };
    const client = setup.client({ authority: overriding(authority, { begin }) });
    await setup.warm(client);
    await client.retitle(1, 'new');
    expect(await client.post(1)).toMatchObject(['miss', { title: 'new' }]);
    expect(client.errors).toMatchObject([{ operation: 'fence', error: { message: 'overloaded' } }]);
  });

  it('to bump is told, and reported as incomplete', async () => {
    const setup = new Setup('memory');
    const authority = memoryAuthority(setup);
    const begin = (): Promise<never> => Promise.reject(new Error('gone'));
    const client = setup.client({ authority: overriding(authority, { begin }) });
    await client.retitle(1, 'new');
    expect(client.invalidated).toEqual([{ model: 'Post', incomplete: true }]);
    expect(client.errors.map(({ operation }) => operation)).toEqual(['fence', 'bump']);
  });

  it('to fence where it must stops the write before the database is touched', async () => {
    const setup = new Setup('memory');
    const authority = memoryAuthority(setup);
    const begin = (): Promise<never> =>
      Promise.reject(new BoostError('BOOST_WRITE_UNFENCED', 'the coordinator is away'));
    const client = setup.client({ authority: overriding(authority, { begin }) });
    await expect(client.retitle(1, 'new')).rejects.toMatchObject({ code: 'BOOST_WRITE_UNFENCED' });
    const transaction = client.transaction();
    await expect(client.retitle(1, 'new', transaction)).rejects.toMatchObject({
      code: 'BOOST_WRITE_UNFENCED',
    });
    expect(setup.database.log).toEqual([]);
  });
});

describe('a store that says how long it may take', () => {
  it.each([
    [undefined, 10_000],
    [1_000, 1_000],
  ])('is waited for that long, unless the option says %s', async (operationTimeout, ms) => {
    const { setup, store, client } = faulty();
    store.fault = { on: 'get', kind: 'hang' };
    const own = operationTimeout === undefined ? {} : { operationTimeout };
    const adapter = { ...store.adapter, operationTimeout: 10_000 };
    let isAnswered = false;
    const read = client({ adapter, ...own })
      .post(1)
      .then(() => (isAnswered = true));
    await setup.surroundings.advance(ms - 1);
    expect(isAnswered).toBe(false);
    await setup.surroundings.advance(1);
    await read;
  });
});
