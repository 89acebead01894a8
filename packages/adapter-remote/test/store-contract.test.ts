import { testAdapter, type TestCapabilities } from '@boost/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { createRemoteCloudflareAdapter, type RemoteCloudflareAdapter } from '../src/index.js';
import { ACCOUNT, ApiDouble, failure, NAMESPACE, TOKEN } from './support/api-double.js';
import { startMiniflareApi, type MiniflareApi } from './support/miniflare-api.js';

function connect({ accountUrl }: { readonly accountUrl: string }): RemoteCloudflareAdapter {
  return createRemoteCloudflareAdapter({
    accountId: ACCOUNT,
    namespaceId: NAMESPACE,
    apiToken: TOKEN,
    accountUrl,
    namespace: 'test',
    maxRetries: 0,
    // It would go on refusing for a while after the API is back.
    enableCircuitBreaker: false,
  });
}

function capabilities(adapter: () => RemoteCloudflareAdapter): TestCapabilities {
  return {
    maxKeyBytes: 512 - 'test:'.length,
    maxValueBytes: 25 * 1024 * 1024,
    minTtlSeconds: 60,
    maxKeysPerGet: 100,
    consistency: 'eventual',
    shared: true,
    list: true,
    tier: 'l2',
    expiry: {
      async secondsLeft(key) {
        const { entries } = await adapter().list(key);
        const expiration = entries.find((entry) => entry.key === key)?.expiration;
        return expiration === undefined ? null : expiration - Date.now() / 1_000;
      },
    },
  };
}

describe('the API as it is documented', () => {
  let api: ApiDouble;
  beforeAll(async () => {
    api = await ApiDouble.start();
  });
  afterAll(() => api.stop());

  const restore = (): void => void (api.outage = undefined);
  testAdapter(() => connect(api), {
    ...capabilities(() => connect(api)),
    breakStore() {
      api.outage = () => failure(503, 10_000, 'internal error');
      return restore;
    },
    hangStore() {
      const { promise, resolve } = Promise.withResolvers<Response>();
      api.outage = () => promise;
      return () => {
        restore();
        resolve(failure(503, 10_000, 'internal error'));
      };
    },
  });
});

describe('the API of Miniflare', () => {
  let api: MiniflareApi;
  beforeAll(async () => {
    api = await startMiniflareApi(NAMESPACE);
  });
  afterAll(() => api.stop());

  testAdapter(() => connect(api), {
    ...capabilities(() => connect(api)),
    // Its puts of one value drop the time to live.
    expiry: null,
  });
});
