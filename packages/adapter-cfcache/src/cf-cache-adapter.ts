import {
  assertEntry,
  assertKey,
  assertNotAborted,
  BoostError,
  type AdapterCapabilities,
  type CacheAdapter,
  type CallOptions,
  type DeleteManyResult,
  type ListResult,
  type WriteOptions,
} from '@boost/core';

export interface CFCacheAdapterOptions {
  /** A URL of a host of your own zone, `https://cache.your-domain.com`: entries are kept under it. It need not answer. */
  readonly baseUrl: string;
}

const CAPABILITIES: AdapterCapabilities = {
  maxKeyBytes: 512,
  maxValueBytes: 25 * 1024 * 1024,
  minTtlSeconds: 1,
  maxKeysPerGet: 1,
  consistency: 'eventual',
  // Each data centre has a cache of its own, so epochs cannot live here.
  shared: false,
  list: false,
  tier: 'l1',
};

/** The expiry, 13 digits of milliseconds since 1970, and a line end come before the value. */
const EXPIRY_DIGITS = 13;

/**
 * A cache of our own. The default one is that of the zone: who asks it for the address of an entry could be answered with it.
 *
 * @see https://developers.cloudflare.com/workers/reference/how-the-cache-works/
 */
const CACHE_NAME = 'boost';

/** By base address, what stands for the backend. They are few, and must outlive the adapters: one is made for each request. */
const backends = new Map<string, object>();

function backendOf(base: string): object {
  const backend = backends.get(base) ?? {};
  backends.set(base, backend);
  return backend;
}

/**
 * The Cache API of Workers as a near store, for `l1` of `createTwoTierAdapter`. `set` resolves whether or not the cache kept the
 * value, and `delete` reaches this data centre alone.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when `baseUrl` is no http(s) URL, or has a query or a fragment
 */
export function createCFCacheAdapter(options: CFCacheAdapterOptions): CacheAdapter {
  const { baseUrl } = options;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      `baseUrl is ${JSON.stringify(baseUrl)}; give a URL of your own host, such as https://cache.your-domain.com`,
      { details: { option: 'baseUrl' } },
    );
  }
  return new CFCacheAdapter(url.href.replace(/\/+$/, ''));
}

class CFCacheAdapter implements CacheAdapter {
  readonly name = 'cfcache';
  readonly capabilities: AdapterCapabilities = CAPABILITIES;
  readonly identity: object;
  readonly #base: string;

  constructor(base: string) {
    this.identity = backendOf(base);
    this.#base = base;
  }

  async get(key: string, options: CallOptions = {}): Promise<string | null> {
    assertKey(this.name, CAPABILITIES, key);
    assertNotAborted(this.name, options);
    const text = await calling('match', async (cache) => {
      const response = await cache.match(this.#url(key));
      return response === undefined ? null : response.text();
    });
    return text === null ? null : unexpired(text);
  }

  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<Map<string, string | null>> {
    const pairs = [...new Set(keys)].map(
      async (key) => [key, await this.get(key, options)] as const,
    );
    return new Map(await Promise.all(pairs));
  }

  async set(key: string, value: string, options: WriteOptions): Promise<void> {
    const { ttlSeconds } = options;
    assertKey(this.name, CAPABILITIES, key);
    assertEntry(this.name, CAPABILITIES, value, ttlSeconds);
    assertNotAborted(this.name, options);
    if (options.authoritative === true) {
      throw new BoostError(
        'BOOST_STORE_LIMIT',
        'The cfcache store is seen by one data centre alone and cannot carry epochs; use it as l1 of createTwoTierAdapter',
        { details: { store: this.name } },
      );
    }
    const expiresAtMs = Date.now() + ttlSeconds * 1_000;
    const body = `${String(expiresAtMs).padStart(EXPIRY_DIGITS, '0')}\n${value}`;
    const headers = { 'cache-control': `max-age=${String(ttlSeconds)}` };
    await calling('put', (cache) => cache.put(this.#url(key), new Response(body, { headers })));
  }

  async delete(key: string, options: CallOptions = {}): Promise<void> {
    assertKey(this.name, CAPABILITIES, key);
    assertNotAborted(this.name, options);
    await calling('delete', (cache) => cache.delete(this.#url(key)));
  }

  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<DeleteManyResult> {
    const failed = new Map<string, unknown>();
    const distinct = [...new Set(keys)];
    await Promise.all(
      distinct.map((key) =>
        this.delete(key, options).catch((error: unknown) => failed.set(key, error)),
      ),
    );
    return { deleted: distinct.length - failed.size, failed };
  }

  list(): Promise<ListResult> {
    return Promise.reject(
      new BoostError('BOOST_STORE_FAILED', 'The Cache API cannot list; list the store behind it', {
        details: { store: this.name, operation: 'list' },
      }),
    );
  }

  /** As one segment of the path; `x` before it, since `.` and `..` would be taken for directories. */
  #url(key: string): string {
    return `${this.#base}/x${encodeURIComponent(key)}`;
  }
}

/** The cache may keep a response for longer than it was told to. */
function unexpired(text: string): string | null {
  const expiresAtMs = Number(text.slice(0, EXPIRY_DIGITS));
  return text[EXPIRY_DIGITS] === '\n' && expiresAtMs > Date.now()
    ? text.slice(EXPIRY_DIGITS + 1)
    : null;
}

async function calling<Result>(
  operation: string,
  run: (cache: Cache) => Promise<Result>,
): Promise<Result> {
  try {
    return await run(await caches.open(CACHE_NAME));
  } catch (error) {
    throw new BoostError(
      'BOOST_STORE_FAILED',
      `The Cache API failed to ${operation}; see the cause`,
      {
        cause: error,
        details: { store: 'cfcache', operation },
      },
    );
  }
}
