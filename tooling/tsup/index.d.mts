import type { Options } from 'tsup';

/** The build of a package: ESM and declarations from the given entries, for every runtime alike. */
export function library(entry?: string[], options?: Options): unknown;
