import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

// Each test runs `prisma generate` in a process of its own.
const config: ViteUserConfig = nodeTests();

export default config;
