import { hasBrowser } from '@boost-tooling/browser';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is no failure.
    expect: { poll: { timeout: 30_000, interval: 100 } },
    exclude: (await hasBrowser()) ? [] : ['test/browser/**'],
  },
});
