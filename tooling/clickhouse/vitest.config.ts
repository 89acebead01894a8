import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';
import { installClickHouse } from './index.mjs';

/** Without a ClickHouse to be had there is nothing to ask: that is said, and is no failure of the queries. */
const hasClickHouse = await installClickHouse().then(
  () => true,
  (error: unknown) => {
    console.warn(`The tests against ClickHouse are left out: ${String(error)}`);
    return false;
  },
);

const config: ViteUserConfig = nodeTests(
  hasClickHouse ? {} : { include: [], passWithNoTests: true },
);

export default config;
