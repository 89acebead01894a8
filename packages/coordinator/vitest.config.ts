import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  plugins: [
    cloudflareTest({
      main: './test/worker.ts',
      miniflare: {
        compatibilityDate: '2026-07-01',
        compatibilityFlags: ['nodejs_compat'],
        durableObjects: {
          SQLITE: { className: 'TestCoordinator', useSQLite: true },
          PLAIN: { className: 'PlainCoordinator' },
        },
      },
    }),
  ],
  // A busy machine is no failure.
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});

export default config;
