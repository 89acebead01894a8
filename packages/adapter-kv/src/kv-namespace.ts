/** As much of a KV binding as the adapter uses, so that no version of Cloudflare's types is asked for. */
export interface KVNamespaceLike {
  get(keys: string[], options: KVReadOptions): Promise<Map<string, string | null>>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: { prefix: string; limit: number; cursor?: string }): Promise<KVListResult>;
}

export interface KVReadOptions {
  type: 'text';
  cacheTtl?: number;
}

export interface KVListResult {
  readonly keys: readonly { readonly name: string }[];
  readonly list_complete: boolean;
  readonly cursor?: string;
}
