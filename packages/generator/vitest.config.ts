import { nodeTests } from '@boost-tooling/vitest';
import type { ViteUserConfig } from 'vitest/config';

// Each test runs `prisma generate` in a process of its own.
const config: ViteUserConfig = nodeTests({ testTimeout: 60_000 });

export default config;
