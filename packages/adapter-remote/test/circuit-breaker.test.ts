import { afterEach, describe, expect, it, vi } from 'vitest';
import { failure, success, type ApiDouble, type Fault } from './support/api-double.js';
import { startDouble } from './support/connect.js';
import { failureOf } from './support/failures.js';

const hour = { ttlSeconds: 3_600 };
const broken: Fault = () => failure(503, 10_000, 'internal error');

afterEach(() => {
  vi.useRealTimers();
});

function breakApi(api: ApiDouble, times: number): void {
  for (let time = 0; time < times; time++) api.faults.push(broken);
}

describe('an API that fails again and again', () => {
  it('is left alone for ten seconds, then tried once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { api, connect } = await startDouble();
    const adapter = connect({ maxRetries: 0 });
    breakApi(api, 6);
    for (let time = 0; time < 5; time++) await failureOf(adapter.get('k'));
    expect(await failureOf(adapter.get('k'))).toMatchObject({ code: 'BOOST_STORE_CIRCUIT_OPEN' });
    expect(api.log).toHaveLength(5);

    vi.setSystemTime(Date.now() + 10_000);
    await failureOf(adapter.get('k'));
    await failureOf(adapter.get('k'));
    expect(api.log).toHaveLength(6);

    vi.setSystemTime(Date.now() + 10_000);
    expect(await adapter.get('k')).toBeNull();
    expect(await adapter.get('k')).toBeNull();
    expect(api.log).toHaveLength(8);
  });

  it('does not keep others waiting while one tries', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { api, connect } = await startDouble();
    const adapter = connect({ maxRetries: 0 });
    breakApi(api, 5);
    for (let time = 0; time < 5; time++) await failureOf(adapter.get('k'));
    vi.setSystemTime(Date.now() + 10_000);
    let answer: (response: Response) => void = () => undefined;
    api.faults.push(() => new Promise<Response>((resolve) => (answer = resolve)));
    const probe = adapter.get('k');
    await vi.waitUntil(() => api.log.length === 6);
    expect((await failureOf(adapter.get('k'))).code).toBe('BOOST_STORE_CIRCUIT_OPEN');
    answer(success({ values: { k: 'back' } }));
    expect(await probe).toBe('back');
    expect(await adapter.get('k')).toBeNull();
  });

  it('is known to every adapter of the process that uses it', async () => {
    const { api, connect } = await startDouble();
    breakApi(api, 5);
    for (let time = 0; time < 5; time++) await failureOf(connect({ maxRetries: 0 }).get('k'));
    expect((await failureOf(connect().get('k'))).code).toBe('BOOST_STORE_CIRCUIT_OPEN');
    expect(connect().identity).toBe(connect().identity);
    expect(connect().identity).not.toBe(connect({ namespace: 'other' }).identity);
  });

  it('still gets every epoch: others would read stale values without it', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect({ maxRetries: 0 });
    breakApi(api, 5);
    for (let time = 0; time < 5; time++) await failureOf(adapter.get('k'));
    await failureOf(adapter.set('entry', 'v', hour));
    await adapter.set('epoch', 'nonce', { ...hour, authoritative: true });
    expect([...api.store.keys()]).toEqual(['epoch']);
  });

  it('is asked for ever without a circuit breaker', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect({ maxRetries: 0, enableCircuitBreaker: false });
    breakApi(api, 8);
    for (let time = 0; time < 8; time++) await failureOf(adapter.get('k'));
    expect(await adapter.get('k')).toBeNull();
    expect(api.log).toHaveLength(9);
  });
});

it('does not take what it refuses for an outage', async () => {
  const { api, connect } = await startDouble();
  const adapter = connect({ maxRetries: 0 });
  for (let time = 0; time < 8; time++) {
    api.faults.push(() => failure(time % 2 === 0 ? 429 : 400, 10_001, 'no'));
    await failureOf(adapter.get('k'));
  }
  expect(await adapter.get('k')).toBeNull();
});
