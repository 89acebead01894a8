import { createCFCacheAdapter } from '@boost/adapter-cfcache';
import { createKVAdapter } from '@boost/adapter-kv';
import { createRemoteCloudflareAdapter } from '@boost/adapter-remote';
import { createTwoTierAdapter, type CacheAdapter } from '@boost/core';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { systemClock } from '../../support/store.js';
import type { RealWork } from './fake-time.js';

const { CACHE } = env as unknown as { CACHE: KVNamespace };

export const KINDS = ['error', 'timeout', '429', 'garbage', 'slow'] as const;
export type FaultKind = (typeof KINDS)[number];

/** Within the time that a call may take. */
const SLOW_MS = 300;
const GARBAGE = '\u0000garbage';

/** What stands before a backend, and makes its calls go wrong while `kind` is set. */
export class Fault {
  kind: FaultKind | undefined;
  readonly #real: RealWork;

  constructor(real: RealWork) {
    this.#real = real;
  }

  /**
   * @param refused - what the backend does when it is asked too often
   * @param garbage - what comes in place of a result
   */
  async through<Result>(
    call: () => Promise<Result>,
    refused: () => Promise<Result>,
    garbage: (result: Result) => Result,
  ): Promise<Result> {
    const { kind } = this;
    if (kind === 'error') throw new TypeError('the network is down');
    if (kind === '429') return refused();
    if (kind === 'timeout') return new Promise<never>(() => undefined);
    if (kind === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const result = await this.#real.run(call);
    return kind === 'garbage' ? garbage(result) : result;
  }
}

/** A store of which one part fails, and where it answers from while all is well. */
export interface Backend {
  readonly hit: 'hit-l1' | 'hit-l2';
  make(fault: Fault, real: RealWork): CacheAdapter;
}

type KVMethod = 'get' | 'put' | 'list';

/** The binding's errors have no status: KV tells in the message alone. */
function tooMany(method: string): Promise<never> {
  return Promise.reject(new Error(`KV ${method.toUpperCase()} failed: 429 Too Many Requests`));
}

function faultyKV(on: KVMethod | undefined, fault: Fault, real: RealWork): KVNamespace {
  return new Proxy(CACHE, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const call = () => Reflect.apply(value, target, args) as Promise<unknown>;
        if (name !== on) return real.run(call);
        return fault.through(call, () => tooMany(name), garbageOfKV);
      };
    },
  });
}

function garbageOfKV(result: unknown): unknown {
  if (result instanceof Map) return new Map([...result.keys()].map((key) => [key, GARBAGE]));
  if (typeof result !== 'object') return result;
  return { keys: [{ name: GARBAGE }, { name: '' }], list_complete: true };
}

function overKV(on: KVMethod): Backend {
  return {
    hit: 'hit-l2',
    make: (fault, real) => createKVAdapter({ kv: faultyKV(on, fault, real) }),
  };
}

let zones = 0;

const cacheApi: Backend = {
  hit: 'hit-l1',
  make(fault, real) {
    const open = caches.open.bind(caches);
    vi.spyOn(caches, 'open').mockImplementation(async (name) => {
      const cache = await open(name);
      const faulty: Pick<Cache, 'match' | 'put' | 'delete'> = {
        match: (...args) =>
          fault.through<Response | undefined>(
            () => cache.match(...args),
            () => tooMany('cache'),
            () => new Response(GARBAGE),
          ),
        put: async (...args) => {
          await fault.through<unknown>(
            () => cache.put(...args),
            () => tooMany('cache'),
            () => undefined,
          );
        },
        delete: (...args) =>
          fault.through<boolean>(
            () => cache.delete(...args),
            () => tooMany('cache'),
            () => false,
          ),
      };
      return faulty;
    });
    zones += 1;
    return createTwoTierAdapter({
      clock: systemClock,
      l1: createCFCacheAdapter({ baseUrl: `https://cache.example.com/${String(zones)}` }),
      l2: createKVAdapter({ kv: faultyKV(undefined, fault, real) }),
      l1TTLRatio: 1,
    });
  },
};

let accounts = 0;

const remoteApi: Backend = {
  hit: 'hit-l2',
  make(fault) {
    const answer = restApi();
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      fault.through(
        // Node's fetch knows `redirect: 'error'`, which that of Workers refuses; the adapter is for Node.
        () => answer(new Request(url, { ...init, redirect: 'manual' })),
        () => Promise.resolve(failure(429, 971, 'rate limited')),
        () => new Response('<html>'),
      ),
    );
    accounts += 1;
    return createRemoteCloudflareAdapter({
      accountId: `account${String(accounts)}`,
      namespaceId: 'f00d',
      apiToken: 'secret-token',
      namespace: 'app',
      operationTimeout: 2_000,
    });
  },
};

/** As much of Cloudflare's REST API as the engine asks: its strict double runs in Node alone. */
function restApi(): (request: Request) => Promise<Response> {
  const values = new Map<string, string>();
  return async (request) => {
    const url = new URL(request.url);
    const path = /\/namespaces\/f00d\/(.*)$/.exec(url.pathname)?.[1] ?? '';
    // As bytes: workerd warns of texts that are not declared as such.
    const text = new TextDecoder().decode(await request.arrayBuffer());
    if (path === 'bulk/get') {
      const { keys } = JSON.parse(text) as { keys: string[] };
      return success({
        values: Object.fromEntries(keys.map((key) => [key, values.get(key) ?? null])),
      });
    }
    if (path === 'keys') {
      const prefix = url.searchParams.get('prefix') ?? '';
      const names = [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
      return success(names.map((name) => ({ name })));
    }
    if (path === 'bulk/delete') {
      const keys = JSON.parse(text) as string[];
      for (const key of keys) values.delete(key);
      return success({ successful_key_count: keys.length, unsuccessful_keys: [] });
    }
    if (request.method !== 'PUT') return failure(404, 7_003, 'No route for the URI');
    values.set(decodeURIComponent(path.replace('values/', '')), text);
    return success(null);
  };
}

function success(result: unknown): Response {
  return Response.json({ success: true, errors: [], messages: [], result, result_info: {} });
}

function failure(status: number, code: number, message: string): Response {
  return Response.json({ success: false, errors: [{ code, message }] }, { status });
}

export const BACKENDS: Readonly<Record<string, Backend>> = {
  'KV read': overKV('get'),
  'KV write': overKV('put'),
  'KV list': overKV('list'),
  'Cache API': cacheApi,
  'remote API': remoteApi,
};
