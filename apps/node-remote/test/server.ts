import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Server {
  /** Sends JSON, and the session that the server gave before. */
  ask(method: string, path: string, body?: unknown, session?: string): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The session's ticket as a cookie; '' where the answer has none. */
  readonly session: string;
}

/** The server in a process of its own. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<Server> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    async ask(method, path, body, session = '') {
      const response = await fetch(new URL(path, address), {
        method,
        headers: { 'content-type': 'application/json', cookie: session },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        body: isJson ? JSON.parse(text) : text,
        session: response.headers.get('set-cookie')?.split(';')[0] ?? '',
      };
    },
    async stop() {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    },
  };
}
