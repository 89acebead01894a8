import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { vitePage } from './page.mjs';

const config: ViteUserConfig = defineConfig({
  plugins: [
    vitePage,
    cloudflareTest({
      main: './test/worker.ts',
      miniflare: {
        compatibilityDate: '2026-07-01',
        compatibilityFlags: ['nodejs_compat'],
        durableObjects: { EPOCH_COORDINATOR: { className: 'EpochCoordinator', useSQLite: true } },
      },
    }),
  ],
  // What a test has seen hangs on its own config: one isolate serves them all.
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
  },
});

export default config;
