import { fileURLToPath } from 'node:url';
import { createTestHarness } from 'wrangler';
import {
  PLAIN_HEADER,
  REPORT_HEADER,
  TOTALS_PATH,
  type Report,
  type Totals,
} from './worker/report.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** As much of D1 as is used from outside of the worker. */
interface Database {
  prepare(sql: string): { run(): Promise<unknown> };
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly report: Report;
}

/** The metered worker in Miniflare, with a D1 database and a KV namespace of its own, asked over HTTP. */
export interface Server {
  /** @param client `cached`: through Boost; `plain`: over the same database without it. */
  ask(call: Call, client?: 'cached' | 'plain'): Promise<Answer>;
  /** The meters, once nothing goes on after a response any more. */
  totals(): Promise<Totals>;
  /** Runs a statement past the worker: what the cache cannot know of. */
  execute(sql: string): Promise<void>;
  /** What the worker wrote to its console. */
  logs(): string[];
  close(): Promise<void>;
}

/** Starts the worker with an empty, migrated database. */
export async function startServer(): Promise<Server> {
  // Wrangler would ask a server of Cloudflare's where this machine is.
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] ??= 'false';
  const harness = createTestHarness({ root: HERE, workers: [{ configPath: 'wrangler.toml' }] });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations('DB');
  const { DB } = await harness.getWorker<{ DB: Database }>().getEnv();

  const totals = async (): Promise<Totals> => {
    for (;;) {
      const response = await fetch(new URL(TOTALS_PATH, url));
      const now = (await response.json()) as Totals;
      if (now.pending === 0) return now;
    }
  };

  return {
    totals,
    async ask({ method, path, body }, client = 'cached') {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (client === 'plain') headers[PLAIN_HEADER] = '1';
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(new URL(path, url), { method, headers, ...init });
      const text = await response.text();
      const report = response.headers.get(REPORT_HEADER);
      if (report === null) throw new Error(`${method} ${path} failed in the worker: ${text}`);
      return {
        status: response.status,
        body: text,
        report: JSON.parse(decodeURIComponent(report)) as Report,
      };
    },
    async execute(sql) {
      await DB.prepare(sql).run();
    },
    logs: () => harness.getLogs().map(({ message }) => message),
    close: () => harness.close(),
  };
}
