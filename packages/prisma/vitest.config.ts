import { nodeTests } from '@boost-tooling/vitest';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const node = nodeTests({
  name: 'node',
  exclude: ['test/{workerd,coordinator}/**'],
  testTimeout: 60_000,
});

// A configuration of wrangler brings the module rules by which Prisma's query compiler, WebAssembly, is loaded.
const workerd = defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: './test/workerd/wrangler.toml' } })],
  test: { name: 'workerd', include: ['test/workerd/**/*.test.ts'], testTimeout: 60_000 },
});

const coordinator = defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: './test/coordinator/wrangler.toml' } })],
  test: { name: 'coordinator', include: ['test/coordinator/**/*.test.ts'], testTimeout: 60_000 },
});

const config: ViteUserConfig = defineConfig({ test: { projects: [node, workerd, coordinator] } });

export default config;
