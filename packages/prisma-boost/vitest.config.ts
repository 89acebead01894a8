import { hasClickHouse } from '@boost-tooling/clickhouse';
import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = nodeTests({
  exclude: [
    // The documented test is run in a process of its own.
    'test/generated/**',
    ...((await hasClickHouse()) ? [] : ['test/cli/report-sql.test.ts']),
  ],
});

export default config;
