import { defineConfig } from 'tsup';

/**
 * The build of a package: ESM and declarations from the given entries, for every runtime alike.
 *
 * @param {string[]} entry
 * @param {import('tsup').Options} [options]
 */
export function library(entry = ['src/index.ts'], options = {}) {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    clean: true,
    splitting: true,
    sourcemap: true,
    ...options,
  });
}
