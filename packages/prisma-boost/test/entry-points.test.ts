import { isBoostError } from '@boost/core';
import { describe, expect, it } from 'vitest';
import * as adapters from '../src/adapters.js';
import * as main from '../src/index.js';

describe('the entry points', () => {
  it('have the names of the product page', () => {
    expect(main.createCacheExtension).toBeTypeOf('function');
    expect(adapters.createKVAdapter).toBeTypeOf('function');
    expect(adapters.createMemoryAdapter().capabilities.shared).toBe(false);
    expect(() => adapters.createMemoryAdapter({ maxBytes: 0 })).toThrow('maxBytes');
  });

  it('say at once what is not in this version', async () => {
    const failure: unknown = await import('../src/coordinator.js').then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isBoostError(failure, 'BOOST_OPTION_INVALID')).toBe(true);
    expect(String(failure)).toContain('EpochCoordinator is not in this version');
  });
});
