import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Runs in workerd, on a real KV namespace of Miniflare.
const config: ViteUserConfig = defineConfig({
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: '2026-07-01',
        compatibilityFlags: ['nodejs_compat'],
        kvNamespaces: ['CACHE'],
      },
    }),
  ],
  test: { include: ['test/**/*.test.ts'] },
});

export default config;
