import { BoostError, utf8Length } from '@boost/core';

export interface RemoteCloudflareAdapterOptions {
  /** The Cloudflare account: `wrangler whoami` tells it. */
  readonly accountId: string;
  /** The KV namespace: `wrangler kv namespace list` tells it. */
  readonly namespaceId: string;
  /** An API token with the permission "Workers KV Storage: Edit". It appears in no message, log or inspected object. */
  readonly apiToken: string;
  /**
   * What every key in KV begins with, before a colon, so that several applications can share a KV namespace: at most 64 bytes.
   *
   * @remarks A key or a prefix that already begins with it is taken as it is: `list('dev-cache:')` finds all keys of `dev-cache`.
   * @defaultValue none
   */
  readonly namespace?: string;
  /**
   * Milliseconds that a request may take, with all its attempts and the waits between them.
   *
   * @defaultValue 15_000
   */
  readonly operationTimeout?: number;
  /**
   * Whether to stop asking an API that failed five times in a row: for ten seconds every operation but the put of an epoch fails
   * at once, then one tries again.
   *
   * @defaultValue true
   */
  readonly enableCircuitBreaker?: boolean;
  /**
   * Attempts after a first one that failed, where the operation can be repeated: 0 to 10. The put of an epoch never is.
   *
   * @defaultValue 2
   */
  readonly maxRetries?: number;
  /**
   * Milliseconds before the first retry; later ones wait longer, all with jitter. A `retry-after` of the API counts more.
   *
   * @defaultValue 200
   */
  readonly retryDelay?: number;
  /**
   * Everything of the API's address that stands before `/storage/kv`: another one for a proxy, or for the API that Miniflare
   * serves. The token is sent there: `https`, or `http` on this machine.
   *
   * @defaultValue `https://api.cloudflare.com/client/v4/accounts/<accountId>`
   */
  readonly accountUrl?: string;
  /** The generated `cacheConfig`. Not used: the extension takes it as `config`. */
  readonly generatedConfig?: unknown;
  /** There is no D1 binding outside of a worker: null, or nothing. */
  readonly d1Binding?: null;
}

/** Checked options with their defaults. */
export interface RemoteSettings {
  readonly accountUrl: string;
  readonly namespaceId: string;
  readonly namespace: string;
  readonly apiToken: string;
  readonly operationTimeout: number;
  readonly enableCircuitBreaker: boolean;
  readonly maxRetries: number;
  readonly retryDelay: number;
}

const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4';
const ID = /^[\w-]{1,64}$/;
/** What a header can carry: anything else would make `fetch` throw an error that shows it. */
const TOKEN = /^[\x21-\x7e]+$/;
const NAMESPACE = /^\P{C}+$/u;
const MAX_NAMESPACE_BYTES = 64;
/** The engine's own keys begin so: they would be taken for ones that have the namespace already. */
const RESERVED_NAMESPACE = /^b\d+$/;
const LOCAL_HOST = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function checkOptions(options: RemoteCloudflareAdapterOptions): RemoteSettings {
  const { accountId, namespaceId, apiToken, namespace = '', accountUrl } = options;
  const { operationTimeout = 15_000, maxRetries = 2, retryDelay = 200 } = options;
  const { enableCircuitBreaker = true, d1Binding = null } = options;
  checkId('accountId', accountId, 'the id of the Cloudflare account (wrangler whoami)');
  checkId('namespaceId', namespaceId, 'the id of the KV namespace (wrangler kv namespace list)');
  check(
    typeof apiToken === 'string' && TOKEN.test(apiToken),
    'apiToken',
    'apiToken is missing, or has blanks or characters that no token has; give an API token with the permission "Workers KV Storage: Edit"',
  );
  check(
    typeof namespace === 'string' && (namespace === '' || isNamespace(namespace)),
    'namespace',
    `The namespace ${JSON.stringify(namespace)} cannot be one; give at most ${MAX_NAMESPACE_BYTES} bytes of printable characters without blanks, other than "b" and a number`,
  );
  check(
    Number.isFinite(operationTimeout) && operationTimeout > 0,
    'operationTimeout',
    `operationTimeout is ${String(operationTimeout)}; give milliseconds, more than 0`,
  );
  check(
    Number.isInteger(maxRetries) && maxRetries >= 0 && maxRetries <= 10,
    'maxRetries',
    `maxRetries is ${String(maxRetries)}; give a whole number from 0 to 10`,
  );
  check(
    Number.isFinite(retryDelay) && retryDelay > 0,
    'retryDelay',
    `retryDelay is ${String(retryDelay)}; give milliseconds, more than 0`,
  );
  check(
    typeof enableCircuitBreaker === 'boolean',
    'enableCircuitBreaker',
    `enableCircuitBreaker is ${String(enableCircuitBreaker)}; give true or false`,
  );
  check(
    d1Binding === null,
    'd1Binding',
    'd1Binding is given, which exists in workers alone; use createKVAdapter there, and null here',
  );
  return {
    accountUrl: checkUrl(accountUrl ?? `${CLOUDFLARE_API}/accounts/${accountId}`),
    namespaceId,
    namespace,
    apiToken,
    operationTimeout,
    enableCircuitBreaker,
    maxRetries,
    retryDelay,
  };
}

function isNamespace(name: string): boolean {
  return (
    NAMESPACE.test(name) &&
    !/\s/u.test(name) &&
    !RESERVED_NAMESPACE.test(name) &&
    utf8Length(name) <= MAX_NAMESPACE_BYTES
  );
}

function checkId(option: string, id: unknown, what: string): void {
  check(
    typeof id === 'string' && ID.test(id),
    option,
    `${option} is ${typeof id === 'string' ? JSON.stringify(id) : String(id)}; give ${what}`,
  );
}

function checkUrl(accountUrl: string): string {
  const url = URL.canParse(accountUrl) ? new URL(accountUrl) : undefined;
  const isSafe =
    url !== undefined &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && LOCAL_HOST.test(url.hostname))) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '';
  check(
    isSafe,
    'accountUrl',
    'accountUrl is no address that a token may be sent to; give what stands before /storage/kv: https, or http on this machine, without credentials and query',
  );
  return accountUrl.replace(/\/+$/, '');
}

function check(holds: boolean, option: string, message: string): void {
  if (!holds) throw new BoostError('BOOST_OPTION_INVALID', message, { details: { option } });
}
