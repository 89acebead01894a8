import type { ValueWithMetadata } from './adapter-types.js';
import type { ApiClient } from './api-client.js';
import { unanswered, type ApiFailure } from './api-failure.js';
import { MAX_CONCURRENT_REQUESTS, MAX_KEYS_PER_BULK_GET } from './limits.js';
import type { Runner } from './runner.js';

type Values = Map<string, string | null>;

const OPERATION = 'read values';
const TOO_LARGE = 413;
/** What does not decode is no text that anybody stored; a byte order mark is part of the value. */
const DECODER_OPTIONS = { fatal: true, ignoreBOM: true };

/** Reads values by name, as many in a request as the API allows. */
export class ValueReader {
  readonly #api: ApiClient;
  readonly #runner: Runner;

  constructor(api: ApiClient, runner: Runner) {
    this.#api = api;
    this.#runner = runner;
  }

  /** @throws BoostError `BOOST_STORE_*` when any could not be read */
  async read(names: readonly string[], signal: AbortSignal | undefined): Promise<Values> {
    const values: Values = new Map();
    const pending: string[][] = [];
    for (let start = 0; start < names.length; start += MAX_KEYS_PER_BULK_GET) {
      pending.push(names.slice(start, start + MAX_KEYS_PER_BULK_GET));
    }
    const work = async (): Promise<void> => {
      for (let chunk = pending.shift(); chunk !== undefined; chunk = pending.shift()) {
        const [only, ...others] = chunk;
        const found = await this.#readChunk(chunk, signal);
        if (found !== 'too large') {
          for (const [name, value] of found) values.set(name, value);
          // What the answer leaves out is not thereby absent.
          for (const name of chunk.filter((given) => !found.has(given))) {
            values.set(name, await this.#readOne(name, signal));
          }
        } else if (only !== undefined && others.length === 0) {
          values.set(only, await this.#readOne(only, signal));
        } else {
          const half = Math.ceil(chunk.length / 2);
          pending.push(chunk.slice(0, half), chunk.slice(half));
        }
      }
    };
    const workers = Math.min(MAX_CONCURRENT_REQUESTS, pending.length);
    await Promise.all(Array.from({ length: workers }, work));
    return values;
  }

  /** @throws BoostError `BOOST_STORE_*` */
  async readWithMetadata(
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<ValueWithMetadata | null> {
    const found = await this.#runner.run({ operation: OPERATION, signal }, async (within) => {
      const answer = await this.#post({ keys: [name], type: 'text', withMetadata: true }, within);
      if (answer.failure !== undefined) throw answer.failure;
      const values = valuesOf(answer.result) ?? {};
      if (!Object.hasOwn(values, name)) return undefined;
      if (values[name] === null) return null;
      const { value, metadata } = (values[name] ?? {}) as Record<string, unknown>;
      if (typeof value !== 'string') throw malformed();
      return { value, metadata: metadata ?? null };
    });
    if (found !== undefined) return found;
    const value = await this.#readOne(name, signal);
    return value === null ? null : { value, metadata: null };
  }

  #readChunk(
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Values | 'too large'> {
    return this.#runner.run({ operation: OPERATION, signal }, async (within) => {
      const answer = await this.#post({ keys: names, type: 'text' }, within);
      if (answer.failure?.error.details['status'] === TOO_LARGE) return 'too large';
      if (answer.failure !== undefined) throw answer.failure;
      const found = valuesOf(answer.result);
      if (found === undefined) throw malformed();
      const values: Values = new Map();
      for (const name of names) {
        if (!Object.hasOwn(found, name)) continue;
        const value = found[name];
        if (typeof value !== 'string' && value !== null) throw malformed();
        values.set(name, value);
      }
      return values;
    });
  }

  async #readOne(name: string, signal: AbortSignal | undefined): Promise<string | null> {
    return this.#runner.run({ operation: OPERATION, signal }, async (within) => {
      const path = `values/${encodeURIComponent(name)}`;
      const bytes = await this.#api.download({ operation: OPERATION, method: 'GET', path }, within);
      if (bytes === null) return null;
      try {
        return new TextDecoder('utf-8', DECODER_OPTIONS).decode(bytes);
      } catch {
        throw malformed();
      }
    });
  }

  #post(body: unknown, signal: AbortSignal): ReturnType<ApiClient['send']> {
    return this.#api.send(
      {
        operation: OPERATION,
        method: 'POST',
        path: 'bulk/get',
        body: JSON.stringify(body),
        contentType: 'application/json',
      },
      signal,
    );
  }
}

function valuesOf(result: unknown): Record<string, unknown> | undefined {
  const { values } = (result ?? {}) as { values?: unknown };
  return typeof values === 'object' && values !== null
    ? (values as Record<string, unknown>)
    : undefined;
}

function malformed(): ApiFailure {
  return unanswered(OPERATION, 'its answer is not the values that it documents');
}
