import {
  assertEntry,
  assertListLimit,
  BoostError,
  exceedsUtf8,
  type AdapterCapabilities,
  type CallOptions,
  type DeleteManyResult,
  type ListOptions,
} from '@boost/core';
import type {
  RemoteCloudflareAdapter,
  RemoteEntry,
  RemoteListResult,
  RemoteWriteOptions,
  SetManyResult,
  ValueWithMetadata,
} from './adapter-types.js';
import { ApiClient, isKeyNotFound } from './api-client.js';
import { backendOf, type Backend } from './backend.js';
import { chunksOf, sendChunk, type BulkItem } from './bulk.js';
import { formatCursor, isAfter, parseCursor, START } from './cursor.js';
import { KeyNames } from './key-names.js';
import {
  MAX_KEYS_PER_BULK_GET,
  MAX_KEYS_PER_LIST,
  MAX_METADATA_BYTES,
  MAX_VALUE_BYTES,
  MIN_EXPIRATION_TTL_SECONDS,
  MIN_KEYS_PER_LIST,
} from './limits.js';
import { listPage } from './list-page.js';
import {
  checkOptions,
  type RemoteCloudflareAdapterOptions,
  type RemoteSettings,
} from './options.js';
import { ValueReader } from './value-reader.js';
import { LazyRunner, type Runner } from './runner.js';

/**
 * Workers KV as the store of a Node server, over Cloudflare's REST API.
 *
 * @example
 * const adapter = createRemoteCloudflareAdapter({ accountId, namespaceId, apiToken, namespace: 'my-app' });
 * @throws BoostError `BOOST_OPTION_INVALID`
 * @see https://developers.cloudflare.com/api/resources/kv/
 */
export function createRemoteCloudflareAdapter(
  options: RemoteCloudflareAdapterOptions,
): RemoteCloudflareAdapter {
  return new RemoteAdapter(checkOptions(options), options.operationTimeout);
}

class RemoteAdapter implements RemoteCloudflareAdapter {
  readonly name = 'remote';
  readonly capabilities: AdapterCapabilities;
  readonly identity: object;
  readonly operationTimeout?: number;
  readonly #names: KeyNames;
  readonly #api: ApiClient;
  readonly #runner: Runner;
  readonly #values: ValueReader;

  /** @param asked - what the user said a call may take: it counts for the engine too */
  constructor(settings: RemoteSettings, asked: number | undefined) {
    if (asked !== undefined) this.operationTimeout = asked;
    const backend: Backend = backendOf(settings);
    this.identity = backend;
    this.#names = new KeyNames(settings.namespace);
    this.#api = new ApiClient(settings.accountUrl, settings.namespaceId, settings.apiToken);
    this.#runner = new LazyRunner(backend, settings);
    this.#values = new ValueReader(this.#api, this.#runner);
    this.capabilities = {
      maxKeyBytes: this.#names.maxKeyBytes,
      maxValueBytes: MAX_VALUE_BYTES,
      minTtlSeconds: MIN_EXPIRATION_TTL_SECONDS,
      maxKeysPerGet: MAX_KEYS_PER_BULK_GET,
      consistency: 'eventual',
      shared: true,
      list: true,
      tier: 'l2',
    };
  }

  async get(key: string, options: CallOptions = {}): Promise<string | null> {
    return (await this.getMany([key], options)).get(key) ?? null;
  }

  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<Map<string, string | null>> {
    const names = new Map(keys.map((key) => [key, this.#names.nameOf(key)]));
    const values = await this.#values.read([...new Set(names.values())], options.signal);
    return new Map([...names].map(([key, name]) => [key, values.get(name) ?? null]));
  }

  async getWithMetadata(key: string, options: CallOptions = {}): Promise<ValueWithMetadata | null> {
    return this.#values.readWithMetadata(this.#names.nameOf(key), options.signal);
  }

  async set(key: string, value: string, options: RemoteWriteOptions): Promise<void> {
    const { ttlSeconds, metadata, authoritative = false, signal } = options;
    const name = this.#names.nameOf(key);
    const json = this.#checked({ key, value, ttlSeconds, metadata });
    const operation = 'store a value';
    const content =
      json === undefined
        ? { body: value, contentType: 'application/octet-stream' }
        : { body: form(value, json) };
    await this.#runner.run({ operation, signal, isEpoch: authoritative }, async (within) => {
      const answer = await this.#api.send(
        {
          operation,
          method: 'PUT',
          path: `values/${encodeURIComponent(name)}`,
          query: { expiration_ttl: String(ttlSeconds) },
          ...content,
        },
        within,
      );
      if (answer.failure !== undefined) throw answer.failure;
    });
  }

  async setMany(
    entries: readonly RemoteEntry[],
    options: CallOptions = {},
  ): Promise<SetManyResult> {
    const items = new Map<string, BulkItem>();
    for (const entry of entries) {
      const name = this.#names.nameOf(entry.key);
      const metadata = this.#checked(entry);
      const { value, ttlSeconds } = entry;
      const json = JSON.stringify({ key: name, value, expiration_ttl: ttlSeconds });
      const beside = metadata === undefined ? '' : `,"metadata":${metadata}`;
      items.set(name, { name, json: `${json.slice(0, -1)}${beside}}` });
    }
    const refused = await this.#bulk('store values', 'PUT', 'bulk', items.values(), options);
    const keys = new Set(entries.map(({ key }) => key));
    return { stored: items.size - refused.size, failed: this.#byKey(keys, refused) };
  }

  async delete(key: string, options: CallOptions = {}): Promise<void> {
    const operation = 'delete a key';
    const path = `values/${encodeURIComponent(this.#names.nameOf(key))}`;
    await this.#runner.run({ operation, signal: options.signal }, async (within) => {
      const answer = await this.#api.send({ operation, method: 'DELETE', path }, within);
      if (answer.failure === undefined) return;
      if (!isKeyNotFound(answer.failure.error.details['status'], answer.messages)) {
        throw answer.failure;
      }
    });
  }

  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<DeleteManyResult> {
    const items = new Map<string, BulkItem>();
    const taken = new Set<string>();
    const untaken = new Map<string, unknown>();
    for (const key of keys) {
      try {
        const name = this.#names.nameOf(key);
        items.set(name, { name, json: JSON.stringify(name) });
        taken.add(key);
      } catch (error) {
        untaken.set(key, error);
      }
    }
    const refused = await this.#bulk('delete keys', 'POST', 'bulk/delete', items.values(), options);
    const failed = new Map([...untaken, ...this.#byKey(taken, refused)]);
    return { deleted: items.size - refused.size, failed };
  }

  async list(prefix: string, options: ListOptions = {}): Promise<RemoteListResult> {
    const { cursor, signal, limit: asked = MAX_KEYS_PER_LIST } = options;
    assertListLimit(asked);
    const limit = Math.min(asked, MAX_KEYS_PER_LIST);
    const isName = this.#names.isName(prefix);
    const namePrefix = isName ? prefix : `${this.#names.prefix}${prefix}`;
    const cut = isName ? 0 : this.#names.prefix.length;
    let position = cursor === undefined ? START : parseCursor(cursor);
    for (;;) {
      const { page, after } = position;
      const query = { prefix: namePrefix, page, limit: Math.max(limit, MIN_KEYS_PER_LIST) };
      const { entries, next } = await listPage(this.#api, this.#runner, query, signal);
      const left = after === '' ? entries : entries.filter(({ key }) => isAfter(key, after));
      const found = left.slice(0, limit);
      const last = found.at(-1)?.key;
      // A page may be empty although there are more: its keys expired.
      if (last === undefined && next !== undefined) {
        position = { page: next, after: '' };
        continue;
      }
      const shown = found.map((entry) => ({ ...entry, key: entry.key.slice(cut) }));
      const result = { keys: shown.map(({ key }) => key), entries: shown };
      if (last !== undefined && found.length < left.length) {
        return { ...result, cursor: formatCursor({ page, after: last }) };
      }
      if (next === undefined) return result;
      return { ...result, cursor: formatCursor({ page: next, after: '' }) };
    }
  }

  async #bulk(
    operation: string,
    method: 'PUT' | 'POST',
    path: string,
    items: Iterable<BulkItem>,
    { signal }: CallOptions,
  ): Promise<Map<string, unknown>> {
    const refused = new Map<string, unknown>();
    for (const chunk of chunksOf(items)) {
      const failed = await sendChunk(
        chunk,
        (attempt) => this.#runner.run({ operation, signal }, attempt),
        (body, within) =>
          this.#api.send(
            { operation, method, path, body, contentType: 'application/json' },
            within,
          ),
      );
      for (const [name, error] of failed) refused.set(name, error);
    }
    return refused;
  }

  /** What was refused by the keys that the caller gave. */
  #byKey(
    keys: ReadonlySet<string>,
    refused: ReadonlyMap<string, unknown>,
  ): ReadonlyMap<string, unknown> {
    const failed = new Map<string, unknown>();
    for (const key of refused.size === 0 ? [] : keys) {
      const name = this.#names.nameOf(key);
      if (refused.has(name)) failed.set(key, refused.get(name));
    }
    return failed;
  }

  /** The metadata as JSON, when there is any; checks everything but the key. */
  #checked({ value, ttlSeconds, metadata }: RemoteEntry): string | undefined {
    assertEntry(this.name, this.capabilities, value, ttlSeconds);
    if (!value.isWellFormed() || value.startsWith(BYTE_ORDER_MARK)) {
      throw beyond(
        'A value has half a surrogate pair, or begins with a byte order mark: the API would give back another one',
      );
    }
    if (metadata === undefined) return undefined;
    const json = JSON.stringify(metadata) as string | undefined;
    if (json === undefined || exceedsUtf8(json, MAX_METADATA_BYTES)) {
      throw beyond(`Metadata has to be JSON of at most ${MAX_METADATA_BYTES} bytes`);
    }
    return json;
  }
}

const BYTE_ORDER_MARK = '\ufeff';

/** As bytes: line ends of text would change in a form. */
function form(value: string, metadata: string): FormData {
  const body = new FormData();
  body.set('value', new Blob([value]));
  body.set('metadata', metadata);
  return body;
}

function beyond(message: string): BoostError {
  return new BoostError('BOOST_STORE_LIMIT', message, { details: { store: 'remote' } });
}
