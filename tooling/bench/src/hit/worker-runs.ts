import { fileURLToPath } from 'node:url';
import { createTestHarness } from 'wrangler';

/** The measured worker, in workerd. */
export interface HitWorker {
  /** Microseconds for each of `n` runs of a case in one request. */
  time(name: string, n: number): Promise<number>;
  /** Queries of the database for as many identical reads at once, each a request of its own. */
  coalesce(reads: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the worker, with rows in its database. */
export async function startWorker(): Promise<HitWorker> {
  const root = fileURLToPath(new URL('worker', import.meta.url));
  const harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
  const { url } = await harness.listen();
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(new URL(path, url));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  await ask('/seed');
  return {
    async time(name, n) {
      const started = performance.now();
      await ask(`/run?case=${name}&n=${n}`);
      return ((performance.now() - started) / n) * 1000;
    },
    async coalesce(reads) {
      const answers = await Promise.all(Array.from({ length: reads }, () => ask('/read')));
      if (new Set(answers).size !== 1) throw new Error('identical reads were answered differently');
      return Number(await ask('/queries'));
    },
    stop: () => harness.close(),
  };
}
