import { readFile } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import type { Call, HttpClient } from '../demo/server.ts';

/** A `curl` line of a page, with what the page says of its answer. */
interface Step {
  readonly call: Call;
  /** Where the cookie of the answer is kept: `-c`. */
  readonly keepAs: string | undefined;
  /** Whose cookie goes with it: `-b`. */
  readonly sendFrom: string | undefined;
  /** The comment at the end of the line: a status, or where the answer comes from, time by time. */
  readonly said: readonly string[];
  /** The comment below it: the body. */
  readonly shown: unknown;
}

const BLOCK = /^```sh\n(.*?)^```$/gms;
const LINE = /^(?<curl>curl .*?)(?: +# (?<said>[^\n]+))?(?:\n# (?<shown>[[{].*))?$/gm;
const ARGUMENT = /'([^']*)'|(\S+)/g;

/** @param section - the beginning of its heading @defaultValue the whole page */
async function stepsOf(page: URL, section?: string): Promise<readonly Step[]> {
  const parts = (await readFile(page, 'utf8')).split(/^## /m);
  const text = section === undefined ? parts : parts.filter((part) => part.startsWith(section));
  const blocks = [...text.join('').matchAll(BLOCK)].map(([, block = '']) => block);
  const steps = [...blocks.join('\n').matchAll(LINE)].map(({ groups }) =>
    stepOf(groups?.['curl'] ?? '', groups?.['said'], groups?.['shown']),
  );
  if (steps.length === 0) throw new Error(`${page.href} has nothing to try under ${section}.`);
  return steps;
}

function stepOf(curl: string, said = '', shown?: string): Step {
  const values = [...curl.matchAll(ARGUMENT)].slice(1).map(([, quoted, plain]) => quoted ?? plain);
  const options: Record<string, string> = {};
  const headers: Record<string, string> = {};
  let url: string | undefined;
  while (values.length > 0) {
    const value = values.shift() ?? '';
    if (!value.startsWith('-')) {
      url = value;
      continue;
    }
    const given = values.shift() ?? '';
    if (value === '-H') headers[given.split(': ')[0] ?? ''] = given.split(': ')[1] ?? '';
    else options[value] = given;
  }
  const { '-X': method, '-d': data, '-c': keepAs, '-b': sendFrom, ...unknown } = options;
  if (url === undefined || Object.keys(unknown).length > 0) throw new Error(`What is ${curl}?`);
  return {
    call: {
      method: (method ?? (data === undefined ? 'GET' : 'POST')) as Call['method'],
      path: new URL(`http://${url}`).pathname,
      body: data === undefined ? undefined : (JSON.parse(data) as unknown),
      headers,
    },
    keepAs,
    sendFrom,
    said: said.split(', then ').filter((part) => part !== ''),
    shown: shown === undefined ? undefined : (JSON.parse(shown) as unknown),
  };
}

/** What `withCacheInfo()` says of an answer from there. */
const STATUSES: Readonly<Record<string, RegExp>> = {
  D1: /^miss$/,
  PostgreSQL: /^miss$/,
  KV: /^hit/,
  'the Cache API': /^hit-l1$/,
};

/** Sends a request. Without a report nobody knows where the answer comes from. */
export type Ask = (call: Call) => Promise<{
  readonly status: number;
  readonly body: string;
  readonly cookie: string;
  /** What came of each read. */
  readonly outcomes?: readonly string[];
}>;

/** Sends the `curl` lines of a page, one after the other, and holds each answer against what the page says of it. */
export async function walk(ask: Ask, page: URL, section?: string): Promise<void> {
  const jars: Record<string, string> = {};
  for (const { call, keepAs, sendFrom, said, shown } of await stepsOf(page, section)) {
    const cookie = jars[sendFrom ?? ''] ?? '';
    const tell = async (origin?: RegExp, status?: number): Promise<void> => {
      const answer = await ask({ ...call, cookie });
      const where = `${call.method} ${call.path}`;
      if (status === undefined) expect(answer.status, where).toBeLessThan(300);
      else expect(answer.status, where).toBe(status);
      if (shown !== undefined) expect(JSON.parse(answer.body), where).toEqual(shown);
      if (keepAs !== undefined) jars[keepAs] = answer.cookie;
      if (origin === undefined) return;
      expect(answer.outcomes, where).not.toEqual([]);
      for (const outcome of answer.outcomes ?? ['unknown']) expect(outcome, where).toMatch(origin);
    };
    if (said.length === 0) await tell();
    for (const [time, words] of said.entries()) {
      if (/^\d{3}$/.test(words)) {
        await tell(undefined, Number(words));
        continue;
      }
      const origin = STATUSES[/^(?:still )?from (.+)$/.exec(words)?.[1] ?? ''];
      if (origin === undefined) throw new Error(`Nobody can try whether "${words}".`);
      // What was written within the margin of clocks is not stored yet.
      if (time === 0) await tell(origin);
      else await vi.waitFor(() => tell(origin), { timeout: 60_000 });
    }
  }
}

/** To a metered worker. */
export function askOf(server: HttpClient): Ask {
  return async (call) => {
    const { report, ...answer } = await server.ask(call);
    await server.totals();
    return { ...answer, outcomes: report.reads.map(({ status }) => status) };
  };
}
