import {
  answering,
  kvClient,
  memoryClient,
  plainClient,
  type Client,
  type Env,
} from './clients.ts';
import { counted } from './counted-database.ts';
import { READS, type ReadName } from './reads.ts';
import { RecordedKV } from './recorded-kv.ts';
import { seed, STORIES } from './seed.ts';

/** Runs what it is asked for `n` times in one request; the time is taken outside. */

type Run = (env: Env, ctx: ExecutionContext, n: number) => Promise<void>;

const ID = 7;

/** What the database says, for the callback that answers with it. */
const answers = new Map<ReadName, unknown>();
/** The keys that a hit in KV reads. */
const keys = new Map<ReadName, string[]>();
let misses = 0;

async function repeat(client: Client, name: ReadName, n: number): Promise<void> {
  const read = READS[name];
  for (let call = 0; call < n; call++) await read(client, ID);
}

async function fillKV(env: Env, ctx: ExecutionContext, name: ReadName): Promise<string[]> {
  const recorded = new RecordedKV(env.CACHE);
  const client = kvClient(env, ctx, recorded.binding);
  await repeat(client, name, 1);
  await client.$cleanup();
  return [...recorded.lastKeys];
}

function casesOf(name: ReadName): Record<string, Run> {
  return {
    [`extends.${name}`]: async (env, _, n) => {
      if (!answers.has(name)) answers.set(name, await READS[name](plain(env), ID));
      await repeat(answering(env, answers.get(name)), name, n);
    },
    [`memory.${name}`]: async (env, ctx, n) => repeat(memoryClient(env, ctx), name, n),
    [`memory_free.${name}`]: async (env, ctx, n) =>
      repeat(memoryClient(env, ctx, { accountTier: 'free', version: 'free' }), name, n),
    [`uncached.${name}`]: async (env, _, n) => repeat(plain(env), name, n),
    [`kv.${name}`]: async (env, ctx, n) => {
      if (!keys.has(name)) keys.set(name, await fillKV(env, ctx, name));
      await repeat(kvClient(env, ctx), name, n);
    },
    [`get.${name}`]: async (env, ctx, n) => {
      if (!keys.has(name)) keys.set(name, await fillKV(env, ctx, name));
      const asked = keys.get(name) ?? [];
      for (let call = 0; call < n; call++) await env.CACHE.get(asked, 'text');
    },
  };
}

const plain = (env: Env): Client => plainClient(env) as unknown as Client;

const CASES: Readonly<Record<string, Run>> = {
  ...casesOf('point'),
  ...casesOf('list'),
  async miss(env, ctx, n) {
    misses += 1;
    const client = memoryClient(env, ctx, { version: `miss ${misses}` });
    for (let id = 1; id <= n; id++) await READS.point(client, (id % STORIES) + 1);
    await client.$cleanup();
  },
  async no_miss(env, _, n) {
    const client = plain(env);
    for (let id = 1; id <= n; id++) await READS.point(client, (id % STORIES) + 1);
  },
  client(env, ctx, n) {
    for (let call = 0; call < n; call++) memoryClient(env, ctx);
    return Promise.resolve();
  },
  no_client(env, _, n) {
    for (let call = 0; call < n; call++) plainClient(env);
    return Promise.resolve();
  },
  client_extended(env, _, n) {
    for (let call = 0; call < n; call++) answering(env, null);
    return Promise.resolve();
  },
};

const database = counted();

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case '/seed':
        await seed(env.DB);
        return new Response();
      case '/read': {
        const client = memoryClient({ ...env, DB: database.over(env.DB) }, ctx, {
          version: 'coalesce',
        });
        return Response.json(await READS.point(client, ID));
      }
      case '/queries':
        return new Response(String(database.queries));
      default: {
        const run = CASES[searchParams.get('case') ?? ''];
        if (run === undefined) return new Response('no such case', { status: 404 });
        await run(env, ctx, Number(searchParams.get('n')));
        return new Response();
      }
    }
  },
};
