import { isBoostError } from '@boost/core';
import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PrismaClient as NodeClient } from '../generated/sqlite/client/client.js';
import { PrismaClient } from '../generated/workerd/client/client.js';
import { createCacheExtension } from '../../src/index.js';
import { BACKENDS, Fault, KINDS, type FaultKind } from './faults/backends.js';
import { FakeTime, RealWork } from './faults/fake-time.js';
import { cacheConfig, openWorker } from './support.js';

/** The fault matrix: each part of each backend, each way to fail, each way to use it. */

const { DB } = env as unknown as { DB: D1Database };
const TIMEOUT_MS = 2_000;
/** A circuit that opened lets a call through after at most this, and a retried bump has ended. */
const RECOVERY_MS = 60_000;

let plain: NodeClient;

beforeAll(async () => {
  const opened = await openWorker();
  ({ plain } = opened);
  // What is loaded when it is first wanted is fetched by the test runner, with timers of its own.
  await import('../../src/fault-policy.js');
  const invalidationPolicy = { strategy: 'delete' } as const;
  const prisma = opened.cached({ accountTier: 'pro', invalidationPolicy });
  await prisma.tag.create({ data: { id: 99, label: 'loaded' } });
  await prisma.$cleanup();
});

const unhandled: unknown[] = [];
const note = (event: PromiseRejectionEvent): void => void unhandled.push(event.reason);

beforeEach(() => {
  unhandled.length = 0;
  addEventListener('unhandledrejection', note);
});

afterEach(() => {
  removeEventListener('unhandledrejection', note);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Told {
  readonly error: unknown;
  readonly operation: string;
}

/** Statements of the database are real work, whose time is its own. */
function working(database: D1Database, real: RealWork): D1Database {
  const statement = (prepared: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(prepared, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => statement(target.bind(...values));
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          real.run(() => Reflect.apply(value, target, args) as Promise<unknown>);
      },
    });
  return new Proxy(database, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => statement(target.prepare(sql));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

let versions = 0;

async function prepared(name: string) {
  const backend = BACKENDS[name];
  if (backend === undefined) throw new RangeError(`there is no ${name}`);
  await plain.post.update({ where: { id: 1 }, data: { title: 'before' } });
  const real = new RealWork();
  const fault = new Fault(real);
  const adapter = backend.make(fault, real);
  const base = new PrismaClient({ adapter: new PrismaD1(working(DB, real)) });
  versions += 1;
  const version = `faults ${String(versions)}`;
  const errors: Told[] = [];
  const client = () =>
    (base as unknown as NodeClient).$extends(
      createCacheExtension({
        adapter,
        config: cacheConfig,
        version,
        accountTier: 'pro',
        invalidationPolicy: { strategy: 'delete' },
        operationTimeout: TIMEOUT_MS,
        onError: (error, operation) => errors.push({ error, operation }),
      }),
    );
  const prisma = client();
  await read(prisma);
  await prisma.$cleanup();
  expect((await read(prisma)).info.status).toBe(backend.hit);
  const time = new FakeTime(real);
  return { fault, errors, client, prisma, time };
}

type Prepared = Awaited<ReturnType<typeof prepared>>;

const read = (prisma: Prepared['prisma']) =>
  prisma.post.findUnique({ where: { id: 1 } }).withCacheInfo();

/** What a user does while the backend fails; returns what the client says of the post afterwards. */
const OPERATIONS = {
  read: async (prisma: Prepared['prisma']) => (await read(prisma)).data,
  write: (prisma: Prepared['prisma']) =>
    prisma.post.update({ where: { id: 1 }, data: { title: 'written' } }),
  // D1 has no interactive ones.
  transaction: async (prisma: Prepared['prisma']) => {
    const where = { id: 1 };
    const data = { title: 'in a transaction' };
    const [, post] = await prisma.$transaction([
      prisma.post.findUnique({ where }),
      prisma.post.update({ where, data }),
    ]);
    return post;
  },
};

const CASES = Object.keys(BACKENDS).flatMap((backend) =>
  KINDS.flatMap((kind) =>
    (Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[]).map(
      (operation) => [backend, kind, operation] as const,
    ),
  ),
);

/** Whether the caller has to be answered without the part that fails, and `onError` hears of it. */
function isTold(backend: string, kind: FaultKind, operation: keyof typeof OPERATIONS): boolean {
  if (kind === 'slow') return false;
  if (backend === 'remote API') return true;
  // The near store takes what is not its own for a miss, and a put that is forgotten shows to nobody.
  const isGarbage = kind === 'garbage';
  if (operation !== 'read') return backend === 'KV write' && !isGarbage;
  return backend === 'KV read' || (backend === 'Cache API' && !isGarbage);
}

describe.each(CASES)('%s: %s during a %s', (name, kind, operation) => {
  it('ends in the answer of the database in time, is told once, and hits resume', async () => {
    const { fault, errors, client, prisma, time } = await prepared(name);

    fault.kind = kind;
    const [answer, waitedMs] = await time.elapsed(() => OPERATIONS[operation](prisma));
    expect(answer).toStrictEqual(await plain.post.findUnique({ where: { id: 1 } }));
    expect(waitedMs).toBeLessThanOrEqual(TIMEOUT_MS);
    const told = [...errors];
    const awaited = operation === 'read' ? ['get', 'decode'] : ['bump'];
    const failures = told.filter((each) => awaited.includes(each.operation));
    if (!isTold(name, kind, operation)) expect(failures).toEqual([]);
    else if (operation === 'read') expect(failures).toHaveLength(1);
    else expect(failures).not.toEqual([]);
    // A write bumps several keys, and entries are deleted in the background: each call that failed is told of once.
    expect(new Set(told.map(({ error }) => error)).size).toBe(told.length);
    expect(told.filter(({ error }) => !isBoostError(error))).toEqual([]);
    if (kind === 'slow') expect(told).toEqual([]);
    if (kind === 'error') {
      for (const { error } of failures) expect(error).toHaveProperty('cause', expect.any(Error));
    }
    // Who has written sees it, whatever is left in the store.
    const [seen, sinceMs] = await time.elapsed(() => read(prisma));
    expect(seen.data).toStrictEqual(answer);
    expect(sinceMs).toBeLessThanOrEqual(TIMEOUT_MS);

    fault.kind = undefined;
    await time.pass(RECOVERY_MS);
    await time.elapsed(() => prisma.$cleanup());
    const later = client();
    const [refilled] = await time.elapsed(() => read(later));
    expect(refilled.data).toStrictEqual(answer);
    await time.elapsed(() => later.$cleanup());
    const [again] = await time.elapsed(() => read(client()));
    expect(again.info.status).toMatch(/^hit-/);
    expect(again.data).toStrictEqual(answer);
    expect(unhandled).toEqual([]);
  });
});
