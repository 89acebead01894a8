import type { Miniflare } from 'miniflare';

type D1Binding = Awaited<ReturnType<Miniflare['getD1Database']>>;

interface Statement {
  readonly sql: string;
  readonly args: readonly unknown[];
}

type Method = 'raw' | 'run' | 'all' | 'batch';

/**
 * Runs inside workerd, on the binding itself. Miniflare's own way to a binding from Node takes a call for each `prepare` and each
 * `bind`; this is one for a statement.
 */
export const D1_WORKER = `export default {
  async fetch(request, env) {
    const { name, method, statements } = await request.json();
    const database = env[name];
    const prepared = statements.map(({ sql, args }) => database.prepare(sql).bind(...args));
    try {
      if (method === 'batch') return Response.json({ result: await database.batch(prepared) });
      const options = method === 'raw' ? [{ columnNames: true }] : [];
      return Response.json({ result: await prepared[0][method](...options) });
    } catch (error) {
      return Response.json({ error: error.message });
    }
  },
};`;

/** D1's binding as Node sees it: as much of it as Prisma's adapter uses. */
export function bindingOf(server: Miniflare, name: string): D1Binding {
  const call = async (method: Method, statements: readonly Statement[]): Promise<unknown> => {
    const body = JSON.stringify({ name, method, statements });
    const response = await server.dispatchFetch('http://d1/', { method: 'POST', body });
    const answer = (await response.json()) as { result?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  };
  const statement = (sql: string, args: readonly unknown[] = []): object => ({
    sql,
    args,
    bind: (...values: readonly unknown[]) => statement(sql, values),
    raw: () => call('raw', [{ sql, args }]),
    run: () => call('run', [{ sql, args }]),
    all: () => call('all', [{ sql, args }]),
  });
  const binding = {
    prepare: (sql: string) => statement(sql),
    batch: (statements: readonly Statement[]) => call('batch', statements),
  };
  return binding as unknown as D1Binding;
}
