import { join } from 'node:path';
import { ddlFor } from '@boost-tooling/database';
import { onTestFinished } from 'vitest';
import { createTestHarness } from 'wrangler';
import type { Project } from './project.js';

interface Database {
  prepare(sql: string): {
    run(): Promise<unknown>;
    all(): Promise<{ readonly results: readonly unknown[] }>;
  };
}

interface Bindings {
  readonly DB: Database;
  readonly CACHE: {
    list(): Promise<{ readonly keys: readonly { readonly name: string }[] }>;
    delete(name: string): Promise<void>;
  };
  readonly EPOCH_COORDINATOR: {
    idFromName(name: string): unknown;
    get(id: unknown): {
      sync(): Promise<{ readonly events: readonly { readonly kind: string }[] }>;
    };
  };
}

/** A worker of a project, in Miniflare, until the test ends. */
export interface Worker {
  readonly env: Bindings;
  /** What it answers, as JSON. @throws what it wrote to its console, where it fails */
  ask(method?: string): Promise<unknown>;
  logs(): readonly string[];
}

/** @param folder - of an application in the project */
export async function startWorker(
  { directory }: Project,
  folder: string,
  configPath = 'wrangler.toml',
): Promise<Worker> {
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] ??= 'false';
  const harness = createTestHarness({ root: join(directory, folder), workers: [{ configPath }] });
  const { url } = await harness.listen();
  onTestFinished(() => harness.close());
  const logs = (): readonly string[] => harness.getLogs().map(({ message }) => message);
  return {
    env: await harness.getWorker<Bindings>().getEnv(),
    logs,
    async ask(method = 'GET') {
      const response = await fetch(url, { method });
      const text = await response.text();
      if (!response.ok) throw new Error([text, ...logs()].join('\n'));
      return JSON.parse(text) as unknown;
    },
  };
}

export async function createTables({ DB }: Bindings, schema: string): Promise<void> {
  for (const statement of (await ddlFor(schema)).split(/;\s*\n/)) {
    const sql = statement.replace(/^--.*$/gm, '').trim();
    if (sql !== '') await DB.prepare(sql).run();
  }
}

/** Asks until the answer is there; KV and the stores after a response take their time. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
  }
}
