import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failure, success, TOKEN, type Fault } from './support/api-double.js';
import { startDouble } from './support/connect.js';
import { failureOf } from './support/failures.js';

const hour = { ttlSeconds: 3_600 };

const torn: Fault = () =>
  new Response('{"success":true,"result":{"val', {
    headers: { 'content-type': 'application/json' },
  });
const page: Fault = () => new Response('<html>502 Bad Gateway</html>', { status: 502 });
const broken: Fault = () => failure(503, 10_000, 'internal error');
const silent: Fault = () => new Promise(() => undefined);
const limited =
  (retryAfter: string): Fault =>
  () =>
    failure(429, 971, 'rate limited', { 'retry-after': retryAfter });

describe('what may pass', () => {
  it.each([
    ['a server error', broken],
    ['the page of a proxy', page],
    ['a torn answer', torn],
    ['a rate limit that has passed', limited('0')],
    [
      'an envelope that says no',
      () => Response.json({ success: false, errors: [] }, { status: 500 }),
    ],
  ])('is tried again after %s', async (_, fault) => {
    const { api, connect } = await startDouble();
    const adapter = connect();
    await adapter.set('k', 'v', hour);
    api.faults.push(fault, fault);
    expect(await adapter.get('k')).toBe('v');
    api.faults.push(fault);
    expect((await adapter.list('')).keys).toEqual(['k']);
    api.faults.push(fault);
    await adapter.set('k', 'w', hour);
    api.faults.push(fault);
    await adapter.delete('k');
    expect(api.store.size).toBe(0);
  });

  it('is tried as often as maxRetries says', async () => {
    const { api, connect } = await startDouble();
    api.faults.push(broken, broken, broken, broken, broken);
    expect(await failureOf(connect({ maxRetries: 3 }).get('k'))).toMatchObject({
      code: 'BOOST_STORE_FAILED',
      details: { status: 503, errors: [{ code: 10_000, message: 'internal error' }] },
    });
    expect(api.log).toHaveLength(4);
    await failureOf(connect({ maxRetries: 0 }).get('k'));
    expect(api.log).toHaveLength(5);
  });

  it.each([
    ['seconds', '30'],
    ['a date', new Date(Date.now() + 60_000).toUTCString()],
  ])(
    'is not waited for longer than the operation may take: retry-after in %s',
    async (_, value) => {
      const { api, connect } = await startDouble();
      api.faults.push(limited(value));
      const error = await failureOf(connect({ operationTimeout: 10_000 }).get('k'));
      expect(error.code).toBe('BOOST_STORE_RATE_LIMITED');
      expect(error.details['retryAfterMs']).toBeGreaterThan(10_000);
      expect(api.log).toHaveLength(1);
    },
  );
});

describe('what will not pass', () => {
  it.each([
    [400, 'BOOST_STORE_FAILED', 'invalid'],
    [401, 'BOOST_STORE_FAILED', 'Workers KV Storage: Edit'],
    [403, 'BOOST_STORE_FAILED', 'Workers KV Storage: Edit'],
    [404, 'BOOST_STORE_FAILED', 'Check accountId and namespaceId'],
    [414, 'BOOST_STORE_LIMIT', 'too large'],
  ])('is told at once: HTTP %d', async (status, code, text) => {
    const { api, connect } = await startDouble();
    api.faults.push(() => failure(status, 10_001, 'invalid'));
    const error = await failureOf(connect().get('k'));
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
    expect(api.log).toHaveLength(1);
  });

  it('names the account and the namespace where the API does not know them', async () => {
    const { connect } = await startDouble();
    const error = await failureOf(connect({ namespaceId: 'unknown' }).get('k'));
    expect(error.message).toContain('10013 namespace not found');
    // A key that is not there is no failure, a namespace that is not there is one: also for a delete.
    expect((await failureOf(connect({ namespaceId: 'unknown' }).delete('k'))).code).toBe(
      'BOOST_STORE_FAILED',
    );
  });

  it('is no value: an answer of another shape fails', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect({ maxRetries: 0, enableCircuitBreaker: false });
    for (const result of [null, {}, { values: { k: 7 } }, { values: 'k' }]) {
      api.faults.push(() => success(result));
      expect((await failureOf(adapter.get('k'))).code).toBe('BOOST_STORE_FAILED');
    }
    for (const result of [null, [{}], [{ name: 'of another prefix' }]]) {
      api.faults.push(() => success(result));
      expect((await failureOf(adapter.list('k'))).code).toBe('BOOST_STORE_FAILED');
    }
  });

  it('goes to no other address', async () => {
    const { api, connect } = await startDouble();
    api.faults.push(() => Response.redirect('https://example.com/', 307));
    const error = await failureOf(connect({ maxRetries: 0 }).get('k'));
    expect(inspect(error)).toContain('redirect');
  });
});

describe('time', () => {
  it('is up after operationTimeout', async () => {
    const { api, connect } = await startDouble();
    api.faults.push(silent);
    const error = await failureOf(connect({ operationTimeout: 50 }).get('k'));
    expect(error).toMatchObject({ code: 'BOOST_STORE_TIMEOUT', details: { timeoutMs: 50 } });
  });

  it('is up when the caller says so', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect();
    const controller = new AbortController();
    api.faults.push(() => {
      controller.abort(new DOMException('too long', 'TimeoutError'));
      return new Promise<Response>(() => undefined);
    });
    const error = await failureOf(adapter.get('k', { signal: controller.signal }));
    expect(error.code).toBe('BOOST_STORE_TIMEOUT');
    expect(error.cause).toBe(controller.signal.reason);
    expect(api.log).toHaveLength(1);
    await failureOf(adapter.set('k', 'v', { ...hour, signal: controller.signal }));
    await failureOf(adapter.list('', { signal: controller.signal }));
    expect(api.log).toHaveLength(1);
  });
});

describe('an epoch', () => {
  const epoch = { ...hour, authoritative: true };

  it.each([
    ['a server error', broken],
    ['a torn answer', torn],
    ['a rate limit', limited('0')],
  ])('is put once, whatever happens: %s', async (_, fault) => {
    const { api, connect } = await startDouble();
    api.faults.push(fault);
    await failureOf(connect().set('e', 'nonce', epoch));
    expect(api.log).toEqual(['PUT values/e?expiration_ttl=3600']);
  });

  it('says how long to wait', async () => {
    const { api, connect } = await startDouble();
    api.faults.push(limited('2'));
    expect(await failureOf(connect().set('e', 'nonce', epoch))).toMatchObject({
      code: 'BOOST_STORE_RATE_LIMITED',
      details: { retryAfterMs: 2_000 },
    });
  });

  it('that arrives late is known to have arrived', async () => {
    const { api, connect } = await startDouble();
    const controller = new AbortController();
    let answer: (response: Response) => void = () => undefined;
    const answered = new Promise<Response>((resolve) => (answer = resolve));
    const asked = new Promise<void>((resolve) => {
      api.faults.push(() => {
        resolve();
        return answered;
      });
    });
    const put = connect().set('e', 'nonce', { ...epoch, signal: controller.signal });
    await asked;
    controller.abort(new DOMException('too long', 'TimeoutError'));
    answer(success(null));
    await expect(put).resolves.toBeUndefined();
  });
});

describe('a bulk request that is taken in part', () => {
  const entries = ['a', 'b', 'c'].map((key) => ({ key, value: key, ...hour }));

  it('is sent again for the rest', async () => {
    const { api, connect } = await startDouble();
    api.refusing.add('b');
    api.faults.push(
      () => undefined,
      () => {
        api.refusing.clear();
        return undefined;
      },
    );
    expect(await connect().setMany(entries)).toEqual({ stored: 3, failed: new Map() });
    expect(api.log).toHaveLength(2);
    expect([...api.store.keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  it('tells which keys were refused, as the caller named them', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect({ namespace: 'ns' });
    await adapter.setMany(entries);
    api.refusing.add('ns:b').add('ns:c');
    const { deleted, failed } = await adapter.deleteMany(['a', 'b', 'ns:c']);
    expect(deleted).toBe(1);
    expect([...failed.keys()]).toEqual(['b', 'ns:c']);
    expect(failed.get('b')).toMatchObject({ code: 'BOOST_STORE_FAILED' });
    const stored = await adapter.setMany(entries);
    expect(stored.stored).toBe(1);
    expect([...stored.failed.keys()]).toEqual(['b', 'c']);
  });

  it('says so also where the status is that of an error', async () => {
    const { api, connect } = await startDouble();
    api.faults.push(() =>
      Response.json(
        {
          success: false,
          errors: [{ code: 10_001, message: 'one failed' }],
          messages: [],
          result: { successful_key_count: 2, unsuccessful_keys: ['c'] },
        },
        { status: 500 },
      ),
    );
    await connect().setMany(entries);
    expect(api.log).toHaveLength(2);
    expect([...api.store.keys()]).toEqual(['c']);
  });

  it('fails whole where the request does', async () => {
    const { api, connect } = await startDouble();
    api.faults.push(() => failure(400, 10_001, 'no'));
    const { deleted, failed } = await connect().deleteMany(['a', 'b']);
    expect(deleted).toBe(0);
    expect([...failed.keys()]).toEqual(['a', 'b']);
  });
});

describe('the token', () => {
  it('is in no error, log or inspected object', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect({ maxRetries: 0 });
    const seen: unknown[] = [adapter];
    const collect = async (run: Promise<unknown>): Promise<void> => {
      const error = await failureOf(run);
      seen.push(
        error,
        error.message,
        error.stack,
        error.cause,
        error.details,
        Object.entries(error),
      );
    };
    const echo: Fault = () => failure(403, 9_109, `Invalid access token ${TOKEN}`);
    api.faults.push(echo);
    await collect(adapter.get('k'));
    api.faults.push(torn);
    await collect(adapter.set('k', 'v', hour));
    api.faults.push(echo);
    await collect(adapter.list(''));
    await api.stop();
    await collect(adapter.get('k'));
    await collect(adapter.delete('k'));
    const text = seen
      .map((value) => inspect(value, { depth: null, showHidden: true, getters: true }))
      .join('\n');
    expect(text).toContain('Invalid access token <apiToken>');
    expect(text).toContain('ECONNREFUSED');
    expect(text).not.toContain(TOKEN);
    expect(JSON.stringify(seen)).not.toContain(TOKEN);
  });
});
