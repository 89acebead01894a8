import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = nodeTests();

export default config;
