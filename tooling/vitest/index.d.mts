import type { TestUserConfig, ViteUserConfig } from 'vitest/config';

/** Tests of a package that run in Node: everything under `test/` that ends in `.test.ts`. */
export function nodeTests(test?: TestUserConfig): ViteUserConfig;
