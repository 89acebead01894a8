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
  /** Learned from analytics, by model. */
  readonly caps?: Readonly<Record<string, ModelCaps>>;
  /** What was set when the module was generated. */
  readonly budget?: { readonly maxMonthlyUsd: number };
}

/** What the invalidations of a model's writes may take. They only lower what the tier allows. */
export interface ModelCaps {
  /** Most rows of a bulk write whose images are read. */
  readonly maxRows?: number;
  readonly maxLists?: number;
  readonly maxDeletes?: number;
  /** Entries are not deleted: there were always more than could be. */
  readonly strategy?: 'epoch';
}

/** The format that this version reads and writes. */
export const CONFIG_FORMAT = 1;
