export interface DistantStore {
  /** From now on reads answer what was there now. */
  freeze(): Promise<void>;
  readonly kv: KVNamespace;
}

/** KV as another data centre sees it: from `freeze()` on, what is put does not get there. */
export function distant(store: KVNamespace): DistantStore {
  let frozen: Map<string, string | null> | undefined;
  const get = async (keys: string[]): Promise<Map<string, string | null>> => {
    if (frozen === undefined) return store.get(keys, 'text');
    return new Map(keys.map((key) => [key, frozen?.get(key) ?? null]));
  };
  return {
    async freeze() {
      const { keys } = await store.list();
      frozen = new Map();
      for (const { name } of keys) frozen.set(name, await store.get(name, 'text'));
    },
    kv: new Proxy(store, {
      get(target, property) {
        if (property === 'get') return get;
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    }),
  };
}
