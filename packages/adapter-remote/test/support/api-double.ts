import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { Hono, type HonoRequest } from 'hono';

export const ACCOUNT = 'a1b2c3';
export const NAMESPACE = 'f00d';
export const TOKEN = 'v1.0-secret-token-0123456789';

const ROOT = `/client/v4/accounts/${ACCOUNT}/storage/kv/namespaces/:namespace`;

interface Stored {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly expiration?: number;
  readonly metadata?: unknown;
}

interface Written {
  readonly key: string;
  readonly value: string;
  readonly expiration_ttl?: number;
  readonly metadata?: unknown;
  readonly base64?: boolean;
}

/** What one request gets instead of an answer; undefined lets it pass. */
export type Fault = (request: Request) => Response | Promise<Response> | undefined;

/**
 * The KV part of Cloudflare's API, written from its documentation and strict about it: what the documentation does not allow is
 * an error here.
 *
 * @see https://developers.cloudflare.com/api/resources/kv/
 */
export class ApiDouble {
  readonly store: Map<string, Stored> = new Map();
  /** Method, path below the namespace, and query of every request. */
  readonly log: string[] = [];
  /** One for each of the next requests. */
  readonly faults: Fault[] = [];
  /** What every request gets. */
  outage: Fault | undefined;
  /** Keys that bulk requests do not take. */
  readonly refusing: Set<string> = new Set();
  /** Most bytes of a bulk read's answer. */
  maxBulkReadBytes: number = 25 * 1024 * 1024;
  /** Whether bulk reads leave out what is not there instead of saying null. */
  omitsAbsent = false;
  #server: ServerType | undefined;

  static async start(): Promise<ApiDouble> {
    const double = new ApiDouble();
    const server = serve({ fetch: double.#app().fetch, port: 0, hostname: '127.0.0.1' });
    double.#server = server;
    if (!server.listening) await once(server, 'listening');
    return double;
  }

  get accountUrl(): string {
    const { port } = this.#server?.address() as AddressInfo;
    return `http://127.0.0.1:${port}/client/v4/accounts/${ACCOUNT}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  #app(): Hono {
    const app = new Hono({ getPath: (request) => new URL(request.url).pathname });
    app.use(async (c, next) => {
      const url = new URL(c.req.url);
      const below = /\/namespaces\/[^/]+\/(.*)$/.exec(url.pathname)?.[1] ?? url.pathname;
      this.log.push(`${c.req.method} ${below}${url.search}`);
      const fault = (this.outage ?? this.faults.shift())?.(c.req.raw);
      if (fault !== undefined) return fault;
      if (c.req.header('authorization') !== `Bearer ${TOKEN}`) {
        return failure(401, 10_000, 'Authentication error');
      }
      return next();
    });
    app.use(`${ROOT}/*`, async (c, next) => {
      if (c.req.param('namespace') === NAMESPACE) return next();
      return failure(404, 10_013, 'namespace not found');
    });
    app.get(`${ROOT}/keys`, (c) => this.#list(c.req.query()));
    app.post(`${ROOT}/bulk/get`, async (c) => this.#bulkGet(await c.req.json()));
    app.post(`${ROOT}/bulk/delete`, async (c) => this.#bulkDelete(await c.req.json()));
    app.put(`${ROOT}/bulk`, async (c) => this.#bulkPut(await c.req.json()));
    app.all(`${ROOT}/values/*`, (c) => this.#value(c.req));
    app.notFound(() => failure(404, 7_003, 'No route for the URI'));
    app.onError((error) => failure(400, 10_001, error.message));
    return app;
  }

  #read(key: string): Stored | undefined {
    const stored = this.store.get(key);
    return (stored?.expiration ?? Infinity) <= Date.now() / 1_000 ? undefined : stored;
  }

  #list({ prefix = '', limit = '1000', cursor }: Record<string, string>): Response {
    const count = Number(limit);
    if (!(count >= 10 && count <= 1_000)) return failure(400, 10_029, 'limit must be 10 to 1000');
    const from = cursor === undefined ? 0 : Number(/^opaque-(\d+)$/.exec(cursor)?.[1]);
    if (Number.isNaN(from)) return failure(400, 10_028, 'cursor is invalid');
    const names = [...this.store.keys()]
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const page = names.slice(from, from + count);
    const more = from + count < names.length;
    const result = page.flatMap((name) => {
      const stored = this.#read(name);
      if (stored === undefined) return [];
      const { expiration, metadata } = stored;
      return [{ name, expiration, metadata }];
    });
    const info = { count: result.length, cursor: more ? `opaque-${from + count}` : '' };
    return success(result, info);
  }

  #bulkGet({ keys, type = 'text', withMetadata = false }: Record<string, unknown>): Response {
    if (!Array.isArray(keys) || keys.length === 0 || keys.length > 100) {
      return failure(400, 10_001, 'keys must be 1 to 100');
    }
    if (type !== 'text') return failure(400, 10_001, 'type is not one that is tried here');
    let bytes = 0;
    const values: [string, unknown][] = [];
    for (const key of keys as string[]) {
      const stored = this.#read(key);
      bytes += stored?.bytes.length ?? 0;
      if (stored === undefined && this.omitsAbsent) continue;
      const value =
        stored === undefined
          ? null
          : new TextDecoder('utf-8', { ignoreBOM: true }).decode(stored.bytes);
      const beside = { value, metadata: stored?.metadata ?? null };
      values.push([key, withMetadata === true && stored !== undefined ? beside : value]);
    }
    if (bytes > this.maxBulkReadBytes) return failure(413, 10_047, 'response too large');
    return success({ values: Object.fromEntries(values) });
  }

  #bulkPut(written: Written[]): Response {
    if (written.length > 10_000) return failure(400, 10_001, 'at most 10000 pairs');
    if (new Set(written.map(({ key }) => key)).size < written.length) {
      return failure(400, 10_001, 'duplicate key');
    }
    for (const { key, value, expiration_ttl: ttl, metadata, base64 } of written) {
      if (this.refusing.has(key)) continue;
      const bytes = Uint8Array.from(Buffer.from(value, base64 === true ? 'base64' : 'utf8'));
      this.#write(key, bytes, ttl, metadata);
    }
    return this.#bulkResult(written.map(({ key }) => key));
  }

  #bulkDelete(keys: string[]): Response {
    if (keys.length > 10_000) return failure(400, 10_001, 'at most 10000 keys');
    for (const key of keys) if (!this.refusing.has(key)) this.store.delete(key);
    return this.#bulkResult(keys);
  }

  #bulkResult(keys: readonly string[]): Response {
    const refused = keys.filter((key) => this.refusing.has(key));
    return success({
      successful_key_count: keys.length - refused.length,
      unsuccessful_keys: refused,
    });
  }

  async #value(request: HonoRequest): Promise<Response> {
    const url = new URL(request.url);
    const encoded = /\/values\/([^/]+)$/.exec(url.pathname)?.[1];
    if (encoded === undefined) return failure(404, 7_003, 'No route for the URI');
    const key = decodeURIComponent(encoded);
    if (request.method === 'GET') {
      const stored = this.#read(key);
      if (stored === undefined) return failure(404, 10_009, "get: 'key not found'");
      return new Response(stored.bytes);
    }
    if (request.method === 'DELETE') {
      if (this.store.delete(key)) return success(null);
      return failure(404, 10_009, "remove key: 'key not found'");
    }
    if (request.method !== 'PUT') return failure(405, 10_001, 'method not allowed');
    const ttl = url.searchParams.get('expiration_ttl');
    const ttlSeconds = ttl === null ? undefined : Number(ttl);
    if (request.header('content-type')?.startsWith('multipart/form-data') === true) {
      const body = await request.formData();
      const value = body.get('value');
      if (value === null) return failure(400, 10_001, 'Missing value field');
      const bytes = new Uint8Array(await new Response(value).arrayBuffer());
      this.#write(key, bytes, ttlSeconds, JSON.parse(body.get('metadata') as string));
    } else {
      this.#write(key, new Uint8Array(await request.arrayBuffer()), ttlSeconds, undefined);
    }
    return success(null);
  }

  #write(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    ttl: number | undefined,
    metadata: unknown,
  ): void {
    if (Buffer.byteLength(key) > 512 || key === '' || key === '.' || key === '..') {
      throw new Error('the key is not one');
    }
    if (ttl !== undefined && !(Number.isInteger(ttl) && ttl >= 60)) {
      throw new Error('expiration_ttl must be at least 60');
    }
    if (JSON.stringify(metadata ?? null).length > 1_024) throw new Error('metadata too large');
    this.store.set(key, {
      bytes,
      ...(ttl === undefined ? {} : { expiration: Math.floor(Date.now() / 1_000) + ttl }),
      ...(metadata === undefined ? {} : { metadata }),
    });
  }
}

export function success(result: unknown, resultInfo?: unknown): Response {
  return Response.json({
    success: true,
    errors: [],
    messages: [],
    result,
    ...(resultInfo === undefined ? {} : { result_info: resultInfo }),
  });
}

export function failure(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { success: false, errors: [{ code, message }], messages: [], result: null };
  return Response.json(body, { status, headers });
}
