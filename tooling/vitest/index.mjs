import { defineConfig } from 'vitest/config';

export function nodeTests(test = {}) {
  return defineConfig({ test: { include: ['test/**/*.test.ts'], ...test } });
}
