import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = nodeTests({ testTimeout: 60_000 });

export default config;
