import { BoostError, type BoostErrorCode, type FaultPolicy } from '@boost/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFaultPolicy } from '../src/fault-policy.js';

const FAILURES_TO_OPEN = 5;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A store of which each call ends as `next` says: with a value, with an error of this code, or not at all. */
class FaultyStore {
  next: BoostErrorCode | 'value' | 'silence' = 'value';
  calls = 0;
  readonly #policy: FaultPolicy = createFaultPolicy();

  /** The value, or the code of the error. */
  async read(): Promise<string> {
    const reading = this.#policy.run(() => this.#call()).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    if (this.next === 'silence') return 'silence';
    const result = await reading;
    return result instanceof BoostError ? result.code : String(result);
  }

  async fail(times: number): Promise<void> {
    this.next = 'BOOST_STORE_RATE_LIMITED';
    for (let time = 0; time < times; time++) await this.read();
    this.calls = 0;
  }

  #call(): Promise<string> {
    this.calls += 1;
    if (this.next === 'silence') return new Promise(() => undefined);
    if (this.next === 'value') return Promise.resolve('value');
    return Promise.reject(new BoostError(this.next, 'the store says no'));
  }
}

describe('a read that fails', () => {
  test.each<BoostErrorCode>(['BOOST_STORE_FAILED', 'BOOST_STORE_TIMEOUT'])(
    'is made once more after %s',
    async (code) => {
      const store = new FaultyStore();
      store.next = code;
      expect(await store.read()).toBe(code);
      expect(store.calls).toBe(2);
    },
  );

  test.each<BoostErrorCode>(['BOOST_STORE_RATE_LIMITED', 'BOOST_STORE_LIMIT'])(
    'is not made again after %s',
    async (code) => {
      const store = new FaultyStore();
      store.next = code;
      expect(await store.read()).toBe(code);
      expect(store.calls).toBe(1);
    },
  );
});

describe('the circuit', () => {
  test('opens after five failures in a row, and then nothing is asked', async () => {
    const store = new FaultyStore();
    await store.fail(FAILURES_TO_OPEN);
    expect(await store.read()).toBe('BOOST_STORE_CIRCUIT_OPEN');
    expect(store.calls).toBe(0);
  });

  test('stays closed while one of five calls succeeds', async () => {
    const store = new FaultyStore();
    for (let turn = 0; turn < 5; turn++) {
      await store.fail(FAILURES_TO_OPEN - 1);
      store.next = 'value';
      expect(await store.read()).toBe('value');
    }
  });

  test('stays closed whatever a store does not take', async () => {
    const store = new FaultyStore();
    store.next = 'BOOST_STORE_LIMIT';
    for (let turn = 0; turn < 20; turn++) expect(await store.read()).toBe('BOOST_STORE_LIMIT');
  });

  test('tells of the failure that opened it, not that it is open', async () => {
    const store = new FaultyStore();
    await store.fail(FAILURES_TO_OPEN - 1);
    store.next = 'BOOST_STORE_FAILED';
    expect(await store.read()).toBe('BOOST_STORE_FAILED');
    expect(store.calls).toBe(1);
    expect(await store.read()).toBe('BOOST_STORE_CIRCUIT_OPEN');
  });

  test('tells of the failure, not of the circuit of the store itself that opened with it', async () => {
    const endings: readonly BoostErrorCode[] = ['BOOST_STORE_FAILED', 'BOOST_STORE_CIRCUIT_OPEN'];
    let calls = 0;
    const reading = createFaultPolicy().run(() => {
      const code = endings[calls] ?? 'BOOST_STORE_LIMIT';
      calls += 1;
      return Promise.reject(new BoostError(code, 'the store says no'));
    });
    const told = expect(reading).rejects.toMatchObject({ code: 'BOOST_STORE_FAILED' });
    await vi.advanceTimersByTimeAsync(100);
    await told;
    expect(calls).toBe(2);
  });

  test('closes when the one call that is let through succeeds', async () => {
    const store = new FaultyStore();
    await store.fail(FAILURES_TO_OPEN);
    await vi.advanceTimersByTimeAsync(30_000);
    store.next = 'value';
    expect(await store.read()).toBe('value');
    expect(await store.read()).toBe('value');
  });

  test('stays open when that call fails', async () => {
    const store = new FaultyStore();
    await store.fail(FAILURES_TO_OPEN);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await store.read()).toBe('BOOST_STORE_RATE_LIMITED');
    expect(await store.read()).toBe('BOOST_STORE_CIRCUIT_OPEN');
    expect(store.calls).toBe(1);
  });

  test('lets one call through at a time, and another when that one has died with its request', async () => {
    const store = new FaultyStore();
    await store.fail(FAILURES_TO_OPEN);
    await vi.advanceTimersByTimeAsync(30_000);
    store.next = 'silence';
    await store.read();
    store.next = 'value';
    expect(await store.read()).toBe('BOOST_STORE_CIRCUIT_OPEN');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await store.read()).toBe('value');
  });
});
