import type { Options } from 'tsup';
import type { Plugin } from 'vitest/config';

export const esbuildPage: NonNullable<Options['esbuildPlugins']>[number];
export const vitePage: Plugin;
