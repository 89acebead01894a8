import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findRedis } from './redis-program.ts';

export interface RedisServer {
  readonly url: string;
  /** Freezes the process, and lets it go on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** A Redis in a process of its own, over TCP, which keeps nothing. */
export async function startRedis(): Promise<RedisServer> {
  const { path, env } = await findRedis();
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'boost-redis-'));
  const child = spawn(
    path,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory],
    { argv0: 'redis-server', env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (/ready to accept connections/i.test(line)) resolve();
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`Redis ended with ${String(code)}`)));
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill();
      await closed;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
