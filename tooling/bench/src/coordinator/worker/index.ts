import { createMemoryAdapter } from '@boost/core';
import {
  memoryClient,
  plainClient,
  type Client,
  type Env as HitEnv,
} from '../../hit/worker/clients.ts';
import { READS } from '../../hit/worker/reads.ts';
import { seed, STORIES } from '../../hit/worker/seed.ts';
import { AgedCoordinator, BareObject, clock, primaries } from './objects.ts';
import { readRelayed, RELAYED } from './relayed.ts';

export { AgedCoordinator, BareObject };

/** Runs what it is asked for `n` times in one request; the time is taken outside. */

interface Env extends HitEnv {
  readonly EPOCH_COORDINATOR: DurableObjectNamespace<AgedCoordinator>;
  readonly BARE: DurableObjectNamespace<BareObject>;
}

type Run = (env: Env, ctx: ExecutionContext, n: number) => Promise<void>;

const ID = 7;
const PUBLIC = 'epoch-public-0';
/** Longer than a new object asks for nothing to be cached. */
const QUIET_MS = 60_000;
/** What a write leaves to do takes less. */
const PAUSE_MS = 15;
/** Calls on their way at a time: what limits throughput is the object, not the caller. */
const CONCURRENT = 50;
const SCOPES = Float64Array.from([1, 2, 3, 4, 5]);

const store = createMemoryAdapter({ clock: { now: () => Date.now() } });
let ids = 0;

function coordinated(env: Env, ctx: ExecutionContext): Client {
  const coordinator = { namespace: env.EPOCH_COORDINATOR };
  return memoryClient(env, ctx, { adapter: store, coordinator });
}

async function concurrently(n: number, call: () => Promise<unknown>): Promise<void> {
  for (let left = n; left > 0; left -= CONCURRENT) {
    await Promise.all(Array.from({ length: Math.min(left, CONCURRENT) }, call));
  }
}

/** Milliseconds that `n` updates took until they resolved. The clock goes on with each answer of the database or an object. */
async function latency(client: Client, n: number): Promise<number> {
  let sumMs = 0;
  for (let call = 0; call < n; call++) {
    await scheduler.wait(PAUSE_MS);
    ids += 1;
    const startMs = Date.now();
    await client.story.update({
      where: { id: (ids % STORIES) + 1 },
      data: { title: `Title ${ids}` },
    });
    sumMs += Date.now() - startMs;
  }
  return sumMs;
}

async function read(client: Client, n: number): Promise<void> {
  for (let call = 0; call < n; call++) await READS.point(client, ID);
}

const CASES: Readonly<Record<string, Run>> = {
  async sync(env, _, n) {
    const object = env.EPOCH_COORDINATOR.getByName('epoch-sync');
    const { incarnation, seq } = await object.sync();
    await concurrently(n, () => object.sync({ incarnation, seq }));
  },
  async noop(env, _, n) {
    const object = env.BARE.getByName('noop');
    await object.noop();
    await concurrently(n, () => object.noop());
  },
  async fence(env, _, n) {
    const object = env.EPOCH_COORDINATOR.getByName('epoch-fence');
    let since = await object.sync();
    for (let call = 0; call < n; call++) {
      ids += 1;
      const { incarnation, seq } = since;
      await object.begin(`w${ids}`, SCOPES, 30_000, { incarnation, seq });
      since = await object.commit(`w${ids}`, SCOPES, { incarnation, seq });
    }
  },
  async writes(env, _, n) {
    const object = env.BARE.getByName('writes');
    for (let call = 0; call < 2 * n; call++) {
      ids += 1;
      await object.write(String(ids));
    }
  },
  session: (env, ctx, n) => read(coordinated(env, ctx), n),
  memory: (env, ctx, n) => read(memoryClient(env, ctx), n),
};

const WRITERS: Readonly<Record<string, (env: Env, ctx: ExecutionContext) => Client>> = {
  write: coordinated,
  plain_write: (env) => plainClient(env) as unknown as Client,
};

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/seed') {
      await seed(env.DB);
      const objects = [PUBLIC, RELAYED].map((name) => env.EPOCH_COORDINATOR.getByName(name));
      clock.behindMs = QUIET_MS;
      await Promise.all(objects.map((object) => object.sync()));
      clock.behindMs = 0;
      const deltas = await Promise.all(objects.map((object) => object.sync()));
      const isAged = deltas.every(({ quietMs }) => quietMs === 0);
      return new Response(null, { status: isAged ? 200 : 500 });
    }
    if (pathname === '/relayed') {
      const before = primaries.syncs;
      const reads = await readRelayed(env, Number(searchParams.get('readers')));
      return Response.json((primaries.syncs - before) / reads);
    }
    const n = Number(searchParams.get('n'));
    const writer = WRITERS[searchParams.get('case') ?? ''];
    if (writer !== undefined) {
      return Response.json(((await latency(writer(env, ctx), n)) / n) * 1_000);
    }
    const run = CASES[searchParams.get('case') ?? ''];
    if (run === undefined) return new Response('no such case', { status: 404 });
    await run(env, ctx, n);
    return new Response();
  },
};
