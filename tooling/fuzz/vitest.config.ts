import { defineConfig, type ViteUserConfig } from 'vitest/config';

// A mutant is caught within a minute.
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 },
});

export default config;
