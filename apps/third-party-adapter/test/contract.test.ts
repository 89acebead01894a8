import { testAdapter } from '@boost/testkit';
import { createClient } from 'redis';
import { afterAll, beforeAll } from 'vitest';
import { createRedisAdapter } from '../src/index.ts';
import { startRedis, type RedisServer } from './support/redis-server.ts';

const PREFIX = 'contract:';

let server: RedisServer;
let client: Awaited<ReturnType<typeof connect>>;
/** May what is taken from the other. */
let admin: Awaited<ReturnType<typeof connect>>;

function connect(url: string) {
  return createClient({ url, disableOfflineQueue: true })
    .on('error', () => undefined)
    .connect();
}

beforeAll(async () => {
  server = await startRedis();
  client = await connect(server.url);
  await client.aclSetUser('admin', ['on', 'nopass', '+@all', '~*']);
  admin = await connect(server.url.replace('//', '//admin:any@'));
});

afterAll(async () => {
  client.destroy();
  admin.destroy();
  await server.stop();
});

testAdapter(() => createRedisAdapter({ client, prefix: PREFIX }), {
  maxKeyBytes: 4_096,
  maxValueBytes: 512 * 1024 * 1024,
  minTtlSeconds: 1,
  maxKeysPerGet: 1_000,
  consistency: 'strong',
  shared: true,
  list: true,
  tier: 'l2',
  expiry: {
    async secondsLeft(key) {
      const left = await client.ttl(PREFIX + key);
      return left < 0 ? null : left;
    },
  },
  async breakStore() {
    await admin.aclSetUser('default', ['-@all']);
    return async () => {
      await admin.aclSetUser('default', ['+@all']);
    };
  },
  hangStore() {
    server.pause();
    return () => server.resume();
  },
});
