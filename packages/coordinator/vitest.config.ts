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
  test: { include: ['test/**/*.test.ts'] },
});

export default config;
