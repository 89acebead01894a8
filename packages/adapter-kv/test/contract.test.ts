import { testAdapter } from '@boost/testkit';
import { env } from 'cloudflare:workers';
import { createKVAdapter } from '../src/index.js';

const { CACHE } = env as unknown as { CACHE: KVNamespace };

let isBroken = false;

/** The binding, which can be broken. */
const kv = new Proxy(CACHE, {
  get(target, name) {
    const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
    return (...args: unknown[]) =>
      isBroken ? Promise.reject(new Error('KV failed: 503')) : method.apply(target, args);
  },
});

testAdapter(() => createKVAdapter({ kv }), {
  maxKeyBytes: 512,
  maxValueBytes: 25 * 1024 * 1024,
  minTtlSeconds: 60,
  maxKeysPerGet: 100,
  consistency: 'eventual',
  shared: true,
  list: true,
  tier: 'l2',
  expiry: {
    async secondsLeft(key) {
      const { keys } = await CACHE.list({ prefix: key });
      const expiration = keys.find(({ name }) => name === key)?.expiration;
      return expiration === undefined ? null : expiration - Date.now() / 1_000;
    },
  },
  breakStore() {
    isBroken = true;
    return () => void (isBroken = false);
  },
});
