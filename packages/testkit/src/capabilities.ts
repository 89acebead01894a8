import type { AdapterCapabilities, CacheAdapter } from '@boost/core';

/**
 * Makes an adapter of the store under test; asked for more than once in a test, each time over the same store, as by two clients of
 * one isolate.
 */
export type MakeAdapter = () => CacheAdapter | Promise<CacheAdapter>;

/** What the adapter has to say of its store, and what the suite may do to the store itself. */
export interface TestCapabilities extends AdapterCapabilities {
  /** How expiry is tried; null where the store of the tests cannot: an emulator that forgets when values expire. */
  readonly expiry: Expiry | null;
  /**
   * Lets what was written become visible, for a store with lag.
   *
   * @defaultValue it is visible at once
   */
  readonly settle?: () => Promise<void>;
  /**
   * Takes the store away until the function that it returns is called.
   *
   * @defaultValue what the adapter does without its store is not tried
   */
  readonly breakStore?: () => Restore | Promise<Restore>;
  /**
   * Keeps the store from answering until the function that it returns is called.
   *
   * @defaultValue that a call is given up while the store has it is not tried
   */
  readonly hangStore?: () => Restore | Promise<Restore>;
}

export type Restore = () => void | Promise<void>;

/** How the suite finds out that values disappear: it moves the store's time, or asks the store how long it keeps a key. */
export type Expiry =
  | { readonly advance: (ms: number) => void | Promise<void> }
  | {
      /** Seconds until the store forgets the key, as the store itself tells; null when it does not have it. */
      readonly secondsLeft: (key: string) => number | null | Promise<number | null>;
    };
