import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as adapters from '../src/adapters.js';
import * as analytics from '../src/analytics.js';
import * as main from '../src/index.js';
import * as inspector from '../src/inspector.js';

describe('the entry points', () => {
  it('have the names of the product page', () => {
    expect(main.createCacheExtension).toBeTypeOf('function');
    expect(adapters.createKVAdapter).toBeTypeOf('function');
    const none = undefined as unknown as Parameters<typeof adapters.cloudflareKVAdapter>[0];
    expect(() => adapters.cloudflareKVAdapter(none)).toThrow('needs the KV binding');
    expect(analytics.detectHotTenants).toBeTypeOf('function');
    expect(inspector.createInspector).toBeTypeOf('function');
    expect(adapters.createRemoteCloudflareAdapter).toBeTypeOf('function');
    expect(adapters.createCFCacheAdapter).toBeTypeOf('function');
    expect(adapters.createTwoTierAdapter).toBeTypeOf('function');
    expect(adapters.createMemoryAdapter().capabilities.shared).toBe(false);
    expect(() => adapters.createMemoryAdapter({ maxBytes: 0 })).toThrow('maxBytes');
  });

  it('name the coordinator, which only workers can import', async () => {
    const source = await readFile(new URL('../src/coordinator.ts', import.meta.url), 'utf8');
    expect(source).toContain(
      "export { EpochCoordinator } from '@boost/coordinator/durable-object'",
    );
    expect(source).toContain(
      "PrivateShardRouter, type ObservedPeak, type ShardingOptions } from '@boost/coordinator'",
    );
    // The snippets of levels 5 and 6 run it.
    await expect(import('../src/coordinator.js')).rejects.toThrow('cloudflare:');
  });
});
