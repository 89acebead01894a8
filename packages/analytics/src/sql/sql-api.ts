import { BoostError, optionError } from '@boost/core';

/** One row of an answer. */
export type SqlRow = Readonly<Record<string, string | number | null>>;

export interface SqlApi {
  /** @throws BoostError `BOOST_ANALYTICS_FAILED`; `details.status` where there was an answer */
  query(sql: string): Promise<readonly SqlRow[]>;
}

export interface SqlApiOptions {
  readonly accountId: string;
  /** With the permission to read Account Analytics. No error ever shows it. */
  readonly apiToken: string;
  /** @defaultValue 'https://api.cloudflare.com/client/v4' */
  readonly baseUrl?: string;
  /** Milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

const BASE_URL = 'https://api.cloudflare.com/client/v4';
/** Most of an error's text that is shown. */
const SHOWN_CHARACTERS = 300;

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  text(): Promise<string>;
}

/** The globals that workerd and Node.js share. */
const runtime = globalThis as unknown as {
  fetch(url: string, init: object): Promise<Answer>;
  readonly AbortSignal: { timeout(ms: number): object };
};

/**
 * Asks Analytics Engine by its SQL API.
 *
 * @see https://developers.cloudflare.com/analytics/analytics-engine/sql-api/
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function createSqlApi(options: SqlApiOptions): SqlApi {
  const { accountId, apiToken, baseUrl = BASE_URL, timeoutMs = 10_000 } = options;
  for (const [name, value] of Object.entries({ accountId, apiToken, baseUrl })) {
    // What an option holds may be a token.
    if (typeof value !== 'string' || value === '') throw optionError(name, {}, 'give a text');
  }
  if (/[\r\n]/.test(apiToken)) throw optionError('apiToken', {}, 'give it without line ends');
  const url = `${baseUrl.replace(/\/$/, '')}/accounts/${encodeURIComponent(accountId)}/analytics_engine/sql`;
  const hidden = (text: string): string =>
    text.replaceAll(apiToken, '…').slice(0, SHOWN_CHARACTERS);
  const failed = (why: string, details: Readonly<Record<string, unknown>> = {}): BoostError =>
    new BoostError('BOOST_ANALYTICS_FAILED', `Analytics Engine ${hidden(why)}`, { details });
  return {
    async query(sql) {
      let answer: Answer;
      let text: string;
      try {
        const headers = { authorization: `Bearer ${apiToken}` };
        const signal = runtime.AbortSignal.timeout(timeoutMs);
        answer = await runtime.fetch(url, { method: 'POST', headers, body: sql, signal });
        text = await answer.text();
      } catch (error) {
        const { name, message, cause } = error as Error;
        const reason = cause instanceof Error ? cause.message : message;
        if (name !== 'TimeoutError') throw failed(`could not be reached: ${reason}`);
        throw failed(`did not answer within ${String(timeoutMs)} ms`);
      }
      const { status } = answer;
      if (!answer.ok)
        throw failed(`answered ${String(status)}: ${meaning(status, text)}`, { status });
      const rows = rowsOf(text);
      if (rows === undefined) throw failed('answered with what is no table', { status });
      return rows;
    },
  };
}

function meaning(status: number, text: string): string {
  if (status === 401 || status === 403) {
    return 'the token is not valid, or may not read Account Analytics';
  }
  if (status === 429) return 'too many requests; try again later';
  return text;
}

function rowsOf(text: string): readonly SqlRow[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Told by the caller: an answer that is no JSON is no table.
    return undefined;
  }
  const { data } = (answer ?? {}) as { readonly data?: unknown };
  if (!Array.isArray(data)) return undefined;
  const isRow = (row: unknown): row is SqlRow => typeof row === 'object' && row !== null;
  return data.every(isRow) ? data : undefined;
}

/** A number of a row: 64 bits come as texts. */
export function numberIn(row: SqlRow, column: string): number {
  const value = Number(row[column] ?? Number.NaN);
  if (Number.isFinite(value)) return value;
  throw new BoostError(
    'BOOST_ANALYTICS_FAILED',
    `Analytics Engine answered with no number as "${column}"`,
    { details: { column } },
  );
}

/** @throws BoostError `BOOST_ANALYTICS_FAILED` */
export function textIn(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new BoostError(
    'BOOST_ANALYTICS_FAILED',
    `Analytics Engine answered with no text as "${column}"`,
    { details: { column } },
  );
}
