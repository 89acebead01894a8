import type { ListedKey } from './adapter-types.js';
import type { ApiClient } from './api-client.js';
import { unanswered, type ApiFailure } from './api-failure.js';
import type { Runner } from './runner.js';

interface Asked {
  readonly prefix: string;
  /** The API's cursor; '' for the first page. */
  readonly page: string;
  readonly limit: number;
}

interface Page {
  /** By their names in KV, in the order of their bytes. */
  readonly entries: readonly ListedKey[];
  /** The API's cursor of the next page. */
  readonly next: string | undefined;
}

const OPERATION = 'list keys';

/** One page of the list as the API gives it. */
export function listPage(
  api: ApiClient,
  runner: Runner,
  { prefix, page, limit }: Asked,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const query = { prefix, limit: String(limit), ...(page === '' ? {} : { cursor: page }) };
  return runner.run({ operation: OPERATION, signal }, async (within) => {
    const answer = await api.send(
      { operation: OPERATION, method: 'GET', path: 'keys', query },
      within,
    );
    if (answer.failure !== undefined) throw answer.failure;
    if (!Array.isArray(answer.result)) throw malformed();
    const entries = answer.result.map((entry: unknown) => parseKey(entry, prefix));
    const { cursor } = (answer.resultInfo ?? {}) as { cursor?: unknown };
    const next = typeof cursor === 'string' && cursor !== '' ? cursor : undefined;
    // It would go round for ever.
    if (next !== undefined && next === page) throw malformed();
    return { entries, next };
  });
}

function parseKey(entry: unknown, prefix: string): ListedKey {
  const { name, expiration, metadata } = (entry ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !name.startsWith(prefix)) throw malformed();
  return {
    key: name,
    ...(typeof expiration === 'number' ? { expiration } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function malformed(): ApiFailure {
  return unanswered(OPERATION, 'its answer is not the list that it documents');
}
