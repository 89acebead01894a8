import type { CacheAdapter } from '../../src/adapter/adapter.js';
import { BoostError } from '../../src/error.js';

export type Fault = 'error' | 'hang' | '429' | 'garbage' | 'slow';
export type FaultyOperation = 'get' | 'set' | 'list';

/** An adapter whose reads, writes or lists go wrong while `fault` is set. */
export class FaultyAdapter {
  fault: { readonly on: FaultyOperation; readonly kind: Fault } | undefined;
  readonly adapter: CacheAdapter;

  constructor(inner: CacheAdapter, slowMs: number, sleep: (ms: number) => Promise<void>) {
    const faulted = async <Result>(
      on: FaultyOperation,
      run: () => Promise<Result>,
      garbage: (result: Result) => Result,
    ): Promise<Result> => {
      const kind = this.fault?.on === on ? this.fault.kind : undefined;
      if (kind === 'error') throw new TypeError('the network is down');
      if (kind === '429') {
        throw new BoostError('BOOST_STORE_RATE_LIMITED', 'too many requests');
      }
      if (kind === 'hang') return new Promise(() => undefined);
      if (kind === 'slow') await sleep(slowMs);
      const result = await run();
      return kind === 'garbage' ? garbage(result) : result;
    };
    this.adapter = {
      name: 'faulty',
      capabilities: inner.capabilities,
      get: (key, options) =>
        faulted(
          'get',
          () => inner.get(key, options),
          () => '\u0000garbage',
        ),
      getMany: (keys, options) =>
        faulted(
          'get',
          () => inner.getMany(keys, options),
          (found) => new Map([...found.keys()].map((key) => [key, '\u0000garbage'])),
        ),
      set: (key, value, options) =>
        faulted(
          'set',
          () => inner.set(key, value, options),
          () => undefined,
        ),
      delete: (key, options) => inner.delete(key, options),
      deleteMany: (keys, options) => inner.deleteMany(keys, options),
      list: (prefix, options) =>
        faulted(
          'list',
          () => inner.list(prefix, options),
          () => ({ keys: ['\u0000garbage', `${prefix}\u0000`] }),
        ),
    };
  }
}
