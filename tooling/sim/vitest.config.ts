import { defineConfig, type ViteUserConfig } from 'vitest/config';

// A mutant that is hard to catch takes several hundred runs.
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 180_000 },
});

export default config;
