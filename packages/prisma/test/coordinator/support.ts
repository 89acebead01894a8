import { createKVAdapter } from '@boost/adapter-kv';
import type { CoordinatorRpc } from '@boost/coordinator';
import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { createCacheExtension, type CacheExtensionOptions } from '../../src/index.js';
import * as cacheConfig from '../generated/workerd/cache/cacheConfig.js';
import { PrismaClient } from '../generated/workerd/client/client.js';
import { DDL } from '../generated/workerd/ddl.js';
import type { PrismaClient as NodeClient } from '../generated/sqlite/client/client.js';
import { countQueries } from '../support/counted.js';
import { clear, seed } from '../support/rows.js';

const { DB, CACHE, ...namespaces } = env as unknown as {
  readonly DB: D1Database;
  readonly CACHE: KVNamespace;
  readonly EPOCH_COORDINATOR: DurableObjectNamespace;
  readonly PLAIN_COORDINATOR: DurableObjectNamespace;
};

/** After it a new object answers from the cache. */
export const QUIET_MS = 36_000;

export type Binding = keyof typeof namespaces;
type Method = keyof CoordinatorRpc;

/** Called before an object is: what it throws is what the caller gets. */
type Fault = (method: Method, name: string) => void | Promise<void>;

/** What an isolate has of its own: bindings by which its state is told from that of others, and a way to the coordinator. */
export class Isolate {
  /** Undefined: everything arrives. */
  fault: Fault | undefined;
  readonly calls: { readonly method: Method; readonly name: string }[] = [];
  readonly kv: KVNamespace;
  readonly namespace: { idFromName(name: string): string; get(name: never): unknown };

  /** @param prefix - of the names of objects, so that tests have their own */
  constructor(binding: Binding, prefix: string) {
    // Bindings are told apart by identity.
    this.kv = new Proxy(CACHE, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const call =
      (name: string, method: Method) =>
      async (...args: unknown[]): Promise<unknown> => {
        this.calls.push({ method, name });
        await this.fault?.(method, name);
        const stub = namespaces[binding].getByName(prefix + name) as unknown as Record<
          Method,
          (...given: unknown[]) => Promise<unknown>
        >;
        return stub[method](...args);
      };
    const methods = ['sync', 'check', 'begin', 'commit', 'abort', 'unknown'] as const;
    this.namespace = {
      idFromName: (name) => name,
      get: (name) => Object.fromEntries(methods.map((method) => [method, call(name, method)])),
    };
  }
}

export function connect(): NodeClient {
  const log = [{ emit: 'event', level: 'query' }] as const;
  const client = new PrismaClient({ adapter: new PrismaD1(DB), log: [...log] });
  return client as unknown as NodeClient;
}

let versions = 0;

/** D1 with rows, and objects that are older than a write may be. The clock is the test's. */
export async function openCoordinator(
  binding: Binding,
  names: readonly string[] = ['epoch-public-0'],
) {
  vi.useFakeTimers({ toFake: ['Date'] });
  const tables = await DB.prepare(`SELECT name FROM sqlite_master WHERE name = 'Post'`).all();
  if (tables.results.length === 0) {
    for (const statement of DDL.split(/;\s*\n/)) {
      const sql = statement.replace(/^--.*$/gm, '').trim();
      if (sql !== '') await DB.prepare(sql).run();
    }
  }
  const plain = connect();
  await clear(plain);
  await seed(plain);
  versions += 1;
  const version = `v${String(versions)}`;
  const object = (name: string): DurableObjectStub =>
    namespaces[binding].getByName(`${version}.${name}`);
  for (const name of names) await (object(name) as unknown as CoordinatorRpc).sync();
  pass(QUIET_MS);
  const client = (isolate: Isolate, own: Partial<CacheExtensionOptions> = {}) => {
    const base = connect();
    const { sent } = countQueries(base);
    const { namespace, kv } = isolate;
    const { coordinator, ...rest } = own;
    const prisma = base.$extends(
      createCacheExtension({
        adapter: createKVAdapter({ kv }),
        config: cacheConfig,
        version,
        accountTier: 'pro',
        coordinator: { namespace, ...coordinator },
        ...rest,
      }),
    );
    return { prisma, sent };
  };
  const isolate = (): Isolate => new Isolate(binding, `${version}.`);
  return { plain, isolate, client, object };
}

export function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}
