import { onTestFinished } from 'vitest';
import {
  createRemoteCloudflareAdapter,
  type RemoteCloudflareAdapter,
  type RemoteCloudflareAdapterOptions,
} from '../../src/index.js';
import { ACCOUNT, ApiDouble, NAMESPACE, TOKEN } from './api-double.js';

/** A double of its own for the test, and an adapter that waits a millisecond before it tries again. */
export async function startDouble(): Promise<{
  readonly api: ApiDouble;
  connect(options?: Partial<RemoteCloudflareAdapterOptions>): RemoteCloudflareAdapter;
}> {
  const api = await ApiDouble.start();
  onTestFinished(() => api.stop());
  const connect = (
    options: Partial<RemoteCloudflareAdapterOptions> = {},
  ): RemoteCloudflareAdapter =>
    createRemoteCloudflareAdapter({
      accountId: ACCOUNT,
      namespaceId: NAMESPACE,
      apiToken: TOKEN,
      accountUrl: api.accountUrl,
      retryDelay: 1,
      ...options,
    });
  return { api, connect };
}
