import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Each test runs `prisma generate` in a process of its own.
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 },
});

export default config;
