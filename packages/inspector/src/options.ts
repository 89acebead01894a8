import type { CoordinatorOptions } from '@boost/coordinator';
import { optionError, type CacheConfig } from '@boost/core';

/** What `createInspector` takes. */
export interface InspectorOptions {
  /**
   * Only `true` turns it on. While it is off it answers no request, keeps nothing, and the cache makes no events for it.
   *
   * @defaultValue false
   */
  readonly enabled?: boolean | undefined;
  /**
   * What a visitor has to bring: at least 16 characters, from a secret. Without one only requests to this machine are answered, to
   * `localhost` or a loopback address.
   */
  readonly token?: string | undefined;
  /**
   * The module given to `createCacheExtension`. All inspectors of an isolate that are made with it share what they have seen, so
   * that one can be made for each request.
   */
  readonly config: CacheConfig;
  /** Most operations that are kept; older ones are forgotten. @defaultValue 1000 */
  readonly capacity?: number | undefined;
  /** The option given to `createCacheExtension`: its objects are asked for the writes that they hold open. */
  readonly coordinator?: CoordinatorOptions | undefined;
}

export interface ResolvedInspectorOptions {
  readonly enabled: boolean;
  readonly token: string | undefined;
  readonly config: CacheConfig;
  readonly capacity: number;
  readonly coordinator: CoordinatorOptions | undefined;
}

const DEFAULT_CAPACITY = 1_000;
const MAX_CAPACITY = 100_000;
/** Shorter ones can be guessed. */
const MIN_TOKEN_CHARACTERS = 16;

/** @throws BoostError `BOOST_OPTION_INVALID`; the message does not show the token */
export function resolveOptions(options: InspectorOptions): ResolvedInspectorOptions {
  const { enabled, token, config, capacity = DEFAULT_CAPACITY, coordinator } = options;
  if (enabled !== undefined && typeof enabled !== 'boolean') {
    throw optionError('enabled', enabled, 'give true or false');
  }
  if (typeof config !== 'object' || config === null) {
    throw optionError('config', config, 'give `import * as cacheConfig` of the generated module');
  }
  if (token !== undefined && !(typeof token === 'string' && token.length >= MIN_TOKEN_CHARACTERS)) {
    const fix = `give a text of at least ${MIN_TOKEN_CHARACTERS} characters, or leave it out`;
    throw optionError('token', undefined, fix);
  }
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
    throw optionError('capacity', capacity, `give a whole number from 1 to ${MAX_CAPACITY}`);
  }
  return { enabled: enabled === true, token, config, capacity, coordinator };
}
