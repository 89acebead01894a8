import { hasClickHouse } from '@boost-tooling/clickhouse';
import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

// Each test runs `prisma generate` in a process of its own.
const config: ViteUserConfig = nodeTests(
  (await hasClickHouse()) ? {} : { exclude: ['test/caps.test.ts'] },
);

export default config;
