import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { findRedis } from './test/support/redis-program.ts';

/** Without a Redis to be had there is nothing to try the adapter against: that is said, and is no failure of the adapter. */
const hasRedis = await findRedis().then(
  () => true,
  (error: unknown) => {
    console.warn(`The tests of the Redis adapter are left out: ${String(error)}`);
    return false;
  },
);

const config: ViteUserConfig = defineConfig({
  test: {
    include: hasRedis ? ['test/**/*.test.ts'] : [],
    passWithNoTests: !hasRedis,
    hookTimeout: 120_000,
    testTimeout: 60_000,
  },
});

export default config;
