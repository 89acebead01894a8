import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheAdapter, CacheTier } from '../../src/adapter/adapter.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import { createTwoTierAdapter } from '../../src/adapter/two-tier-adapter.js';
import { createMemoryAuthority } from '../../src/epoch/memory-authority.js';
import type { Client } from '../support/client.js';
import { KV } from '../support/kv.js';
import { Setup } from '../support/setups.js';

const OLD = { id: 1, title: 'one', authorId: 7 };

let setup: Setup;
let kv: KV;

beforeEach(() => {
  setup = new Setup('kv');
  kv = new KV(setup.surroundings);
});

function near(tier: CacheTier): CacheAdapter {
  const adapter = createMemoryAdapter({ clock: setup.surroundings.ports.clock });
  return new Proxy(adapter, {
    get(target, name) {
      if (name === 'capabilities') return { ...target.capabilities, tier };
      // Only a store of the isolate itself answers at once.
      if (name === 'getNow' && tier !== 'memory') return undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** What is near lives as long as what is far, so that only epochs can make it old. */
function tiers(l1: CacheAdapter, l2: CacheAdapter): CacheAdapter {
  return createTwoTierAdapter({ clock: setup.surroundings.ports.clock, l1, l2, l1TTLRatio: 1 });
}

async function statusOf(client: Client): Promise<string> {
  const [status] = await client.post(1);
  await client.engine.settled();
  return status;
}

describe('a store of several tiers', () => {
  it('names the tier that answered', async () => {
    const isolate = near('memory');
    const place = near('l1');
    const adapter = tiers(isolate, tiers(place, kv.isolate()));
    const client = setup.client({ adapter });
    expect(await statusOf(client)).toBe('miss');
    expect(await statusOf(client)).toBe('hit-memory');
    const [key = ''] = (await isolate.list('')).keys;
    await isolate.delete(key);
    expect(await statusOf(client)).toBe('hit-l1');
    await isolate.delete(key);
    await place.delete(key);
    expect(await statusOf(client)).toBe('hit-l2');
    // It was copied to both.
    expect(await statusOf(client)).toBe('hit-memory');
    expect(client.errors).toEqual([]);
  });

  it('answers from memory at once where epochs need not be read', async () => {
    const { clock, random } = setup.surroundings.ports;
    const authority = createMemoryAuthority({ clock, random, granularity: 'row' });
    const client = setup.client({ adapter: tiers(near('memory'), near('l1')), authority });
    await setup.warm(client);
    expect(await statusOf(client)).toBe('hit-memory');
    expect(kv.gets).toBe(0);
  });

  it('serves nothing of a near tier that KV knows to be invalid', async () => {
    const clients = ['here', 'there'].map((colo) =>
      setup.client({ adapter: tiers(near('l1'), kv.isolate(colo)) }),
    );
    const [here, there] = clients as [Client, Client];
    for (const client of clients) await setup.warm(client);
    expect(await statusOf(there)).toBe('hit-l1');
    await here.retitle(1, 'new');
    expect(await here.post(1)).toEqual(['miss', { ...OLD, title: 'new' }]);
    await setup.surroundings.advance(kv.lagMs);
    expect(await there.post(1)).toEqual(['miss', { ...OLD, title: 'new' }]);
  });

  it('tells of a near tier that fails, once, and is answered by the far one', async () => {
    const place = near('l1');
    const client = setup.client({ adapter: tiers(place, kv.isolate()) });
    await setup.warm(client);
    const failure = new Error('the cache is broken');
    place.getMany = () => Promise.reject(failure);
    place.set = () => Promise.reject(failure);
    expect(await statusOf(client)).toBe('hit-l2');
    expect(client.errors).toEqual([
      { error: failure, operation: 'get' },
      { error: failure, operation: 'set' },
    ]);
  });
});

describe('a store that is not shared', () => {
  const refused = expect.objectContaining({ code: 'BOOST_OPTION_INVALID' }) as unknown;
  const made: Record<string, () => CacheAdapter> = {
    'of a data centre alone': () => near('l1'),
    'of an isolate before one of a data centre': () => tiers(near('memory'), near('l1')),
    'of a data centre before one of an isolate': () => tiers(near('l1'), near('memory')),
  };

  it.each(Object.entries(made))('%s is refused without an authority of its own', (_, make) => {
    const adapter = make();
    const bare = (): Client => setup.client({ adapter, authority: undefined as never });
    expect(bare).toThrow(refused);
    expect(bare).toThrow(/is not shared between data centres/);
    const { clock, random } = setup.surroundings.ports;
    const authority = createMemoryAuthority({ clock, random, granularity: 'row' });
    expect(() => setup.client({ adapter, authority })).not.toThrow();
  });

  it('of this process alone has the process for its authority', async () => {
    const adapter = tiers(near('memory'), near('memory'));
    const client = setup.client({ adapter, authority: undefined as never });
    await setup.warm(client);
    await client.retitle(1, 'new');
    expect(await client.post(1)).toEqual(['miss', { ...OLD, title: 'new' }]);
  });
});
