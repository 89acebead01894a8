import { isBoostError } from '@boost/core';
import { describe, expect, it } from 'vitest';
import { createRemoteCloudflareAdapter } from '../src/index.js';

const good = { accountId: 'acc', namespaceId: 'ns', apiToken: 'secret-token' };

function failureWith(options: object): { code: string; option: unknown; message: string } {
  try {
    createRemoteCloudflareAdapter({ ...good, ...options });
  } catch (error) {
    if (!isBoostError(error)) throw error;
    return { code: error.code, option: error.details['option'], message: error.message };
  }
  throw new Error('It was made.');
}

describe('options', () => {
  it.each([
    ['accountId', undefined],
    ['accountId', 'a/../b'],
    ['namespaceId', ''],
    ['namespaceId', 7],
    ['apiToken', undefined],
    ['apiToken', ''],
    ['apiToken', 'with\nline'],
    ['namespace', 'with blank'],
    ['namespace', 'x'.repeat(65)],
    ['namespace', 'b1'],
    ['namespace', 5],
    ['operationTimeout', 0],
    ['operationTimeout', Number.NaN],
    ['maxRetries', -1],
    ['maxRetries', 11],
    ['retryDelay', 0],
    ['enableCircuitBreaker', 'yes'],
    ['d1Binding', {}],
    ['accountUrl', 'http://example.com'],
    ['accountUrl', 'no address'],
    ['accountUrl', 'https://user:password@example.com'],
    ['accountUrl', 'https://example.com/?x=1'],
  ])('say what is wrong with %s: %j', (option, value) => {
    expect(failureWith({ [option]: value })).toMatchObject({
      code: 'BOOST_OPTION_INVALID',
      option,
    });
  });

  it('do not show the token that is wrong', () => {
    expect(failureWith({ apiToken: 'my secret' }).message).not.toContain('secret');
  });

  it('of the product page are taken', () => {
    const adapter = createRemoteCloudflareAdapter({
      ...good,
      namespace: 'dev-cache',
      operationTimeout: 15_000,
      generatedConfig: {},
      d1Binding: null,
      enableCircuitBreaker: true,
    });
    expect(adapter.name).toBe('remote');
    expect(adapter.operationTimeout).toBe(15_000);
    expect(createRemoteCloudflareAdapter(good).operationTimeout).toBeUndefined();
    expect(adapter.capabilities).toEqual({
      maxKeyBytes: 502,
      maxValueBytes: 26_214_400,
      minTtlSeconds: 60,
      maxKeysPerGet: 100,
      consistency: 'eventual',
      shared: true,
      list: true,
      tier: 'l2',
    });
  });
});
