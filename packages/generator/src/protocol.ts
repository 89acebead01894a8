import { parseRequest, type Request } from './request.js';

/** What a generator does; its answers are what Prisma is told. */
export interface Generator {
  getManifest(): object;
  /** What it throws ends `prisma generate` with the message of the error. */
  generate(params: unknown): Promise<void>;
}

const LINE_END = 0x0a;
/** "Server error" of JSON-RPC 2.0. */
const FAILED = -32_000;

/**
 * Speaks Prisma's generator protocol: JSON-RPC 2.0, one message a line, requests on standard input and answers on standard error.
 *
 * `@prisma/generator-helper` does the same; it reads requests in whole, and takes as long to load as everything here.
 */
export function serve(generator: Generator): void {
  let parts: Buffer[] = [];
  process.stdin.on('data', (chunk: Buffer) => {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_END, start);
      parts.push(chunk.subarray(start, end < 0 ? undefined : end));
      if (end < 0) return;
      const line = Buffer.concat(parts);
      parts = [];
      start = end + 1;
      if (line.length > 0) void answer(generator, parseRequest(line));
    }
  });
}

async function answer(generator: Generator, { id, method, params }: Request): Promise<void> {
  try {
    respond(id, { result: await resultOf(generator, method, params) });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    respond(id, { error: { code: FAILED, message, data: { stack } } });
  }
}

async function resultOf(generator: Generator, method: string, params: unknown): Promise<unknown> {
  if (method === 'getManifest') return { manifest: generator.getManifest() };
  if (method === 'generate') return generator.generate(params);
  throw new Error(`Prisma asks for "${method}", which this version of prisma-boost does not know.`);
}

function respond(id: number, answer: object): void {
  process.stderr.write(`${JSON.stringify({ jsonrpc: '2.0', ...answer, id })}\n`);
}
