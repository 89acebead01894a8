import { defineConfig } from 'vitest/config';

export function nodeTests(test = {}) {
  const include = ['test/**/*.test.ts'];
  return defineConfig({ test: { include, testTimeout: 60_000, hookTimeout: 60_000, ...test } });
}
