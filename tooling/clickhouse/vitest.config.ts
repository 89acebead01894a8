import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';
import { hasClickHouse } from './index.mjs';

const config: ViteUserConfig = nodeTests(
  (await hasClickHouse()) ? {} : { include: [], passWithNoTests: true },
);

export default config;
