/**
 * The generated `cacheConfig` module, as `import * as cacheConfig from './generated/cacheConfig'` gives it.
 *
 * `models` holds one compact text per model, in the order of the schema; `parseConfig` compiles them on first use. The
 * grammar is that of `model-text.ts`.
 */
export interface CacheConfig {
  /** Version of this format. */
  readonly format: number;
  /** Changes whenever something changes that a cached value or a plan depends on. */
  readonly schemaHash: string;
  readonly provider: string;
  readonly relationMode: string;
  readonly models: Readonly<Record<string, string>>;
}

/** The format that this version reads and writes. */
export const CONFIG_FORMAT = 1;
