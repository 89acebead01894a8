import { fileURLToPath } from 'node:url';
import { createTestHarness } from 'wrangler';

/** A worker whose cases are measured, in workerd. */
export interface TimedWorker {
  /** Microseconds for each of `n` runs of a case in one request. */
  time(name: string, n: number): Promise<number>;
  /** The number that it answers to a path. */
  number(path: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the worker of a directory, with rows in its database. */
export async function startTimedWorker(directory: URL): Promise<TimedWorker> {
  const root = fileURLToPath(directory);
  const harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
  const { url } = await harness.listen();
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(new URL(path, url));
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  await ask('/seed');
  return {
    async time(name, n) {
      const started = performance.now();
      await ask(`/run?case=${name}&n=${n}`);
      return ((performance.now() - started) / n) * 1000;
    },
    number: async (path) => Number(await ask(path)),
    stop: () => harness.close(),
  };
}
