import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = nodeTests({
  // The documented test is run in a process of its own.
  exclude: ['test/generated/**'],
});

export default config;
