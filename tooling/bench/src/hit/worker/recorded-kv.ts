/** A KV binding that remembers the keys of its last bulk read. */
export class RecordedKV {
  lastKeys: readonly string[] = [];
  readonly binding: KVNamespace;

  constructor(kv: KVNamespace) {
    this.binding = new Proxy(kv, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]): unknown => {
          if (property === 'get' && Array.isArray(given[0])) this.lastKeys = given[0] as string[];
          return Reflect.apply(method, target, given) as unknown;
        };
      },
    });
  }
}
