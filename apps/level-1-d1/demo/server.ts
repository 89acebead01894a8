import { fileURLToPath } from 'node:url';
import { createTestHarness, type TestHarness, type TestHarnessOptions } from 'wrangler';
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
  /** Cookies, as an earlier answer set them. */
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The cookie that was set; '' where none was. */
  readonly cookie: string;
  readonly report: Report;
}

/** A metered worker in Miniflare, asked over HTTP. */
export interface HttpClient {
  /** Where it listens. */
  readonly url: URL;
  /** @param client `cached`: through Boost; `plain`: over the same database without it. */
  ask(call: Call, client?: 'cached' | 'plain'): Promise<Answer>;
  /** The meters, once nothing goes on after a response any more. */
  totals(): Promise<Totals>;
  /** What the worker wrote to its console. */
  logs(): string[];
  close(): Promise<void>;
}

/** A worker with a D1 database and a KV namespace of its own. */
export interface Server extends HttpClient {
  /** Runs a statement past the worker: what the cache cannot know of. */
  execute(sql: string): Promise<void>;
}

/**
 * Starts the worker with an empty, migrated database.
 *
 * @param vars - in place of those of the worker's configuration
 */
export async function startServer(vars: Record<string, string> = {}): Promise<Server> {
  const workers = [{ configPath: 'wrangler.toml', vars }];
  const [server] = await startServers({ root: HERE, workers });
  if (server === undefined) throw new Error('No worker was started.');
  return server;
}

/** Starts workers on D1 side by side, each an isolate of its own. Those that bind the same ids share them. */
export async function startServers(options: TestHarnessOptions): Promise<readonly Server[]> {
  const { harness, url } = await start(options);
  const servers: Server[] = [];
  // One after the other: those that share a database find it migrated.
  for (const worker of options.workers) {
    servers.push(await onD1(harness, url, 'config' in worker ? worker.config : {}));
  }
  return servers;
}

/** Starts one metered worker, whatever its database is. */
export async function startWorker(options: TestHarnessOptions): Promise<HttpClient> {
  const { harness, url } = await start(options);
  return clientOf(harness, url);
}

async function start(options: TestHarnessOptions): Promise<{ harness: TestHarness; url: URL }> {
  // Wrangler would ask a server of Cloudflare's where this machine is.
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] ??= 'false';
  const harness = createTestHarness(options);
  const { url } = await harness.listen();
  return { harness, url };
}

async function onD1(harness: TestHarness, url: URL, { name }: { name?: string }): Promise<Server> {
  const worker = harness.getWorker(name);
  await worker.applyD1Migrations('DB');
  const { DB } = (await worker.getEnv()) as { DB: Database };
  return {
    ...clientOf(harness, url, name),
    async execute(sql) {
      await DB.prepare(sql).run();
    },
  };
}

/** Closing the client of one worker closes all that were started with it. */
function clientOf(harness: TestHarness, url: URL, name?: string): HttpClient {
  const worker = harness.getWorker(name);
  return {
    url,
    async totals() {
      for (;;) {
        const response = await worker.fetch(TOTALS_PATH);
        const now = (await response.json()) as Totals;
        if (now.pending === 0) return now;
      }
    },
    async ask({ method, path, body, cookie = '', headers: own }, client = 'cached') {
      const headers: Record<string, string> = {
        ...own,
        'content-type': 'application/json',
        cookie,
      };
      if (client === 'plain') headers[PLAIN_HEADER] = '1';
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await worker.fetch(path, { method, headers, ...init });
      const text = await response.text();
      const report = response.headers.get(REPORT_HEADER);
      if (report === null) throw new Error(`${method} ${path} failed in the worker: ${text}`);
      return {
        status: response.status,
        body: text,
        cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
        report: JSON.parse(decodeURIComponent(report)) as Report,
      };
    },
    logs: () => harness.getLogs().map(({ message }) => message),
    close: () => harness.close(),
  };
}
