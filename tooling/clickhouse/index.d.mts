/** A row as it is left after sampling. */
export interface SampledPoint {
  readonly point: {
    readonly indexes: readonly string[];
    readonly blobs: readonly string[];
    readonly doubles: readonly number[];
  };
  readonly timestamp: Date;
  /** How many rows it stands for. @defaultValue 1 */
  readonly sampleInterval?: number;
}

export interface ClickHouse {
  /** What stands before `/accounts/…` in the address of the API. */
  readonly url: string;
  /** The only one that the API takes. */
  readonly token: string;
  /** A table of the shape that Analytics Engine gives a dataset; an old one of the name goes. */
  createDataset(name: string): Promise<void>;
  insert(dataset: string, rows: readonly SampledPoint[]): Promise<void>;
  stop(): Promise<void>;
}

/** Installs ClickHouse if it is not there yet, and starts it in a process of its own. */
export function startClickHouse(): Promise<ClickHouse>;

/**
 * Installs ClickHouse if it is not there yet. Without one to be had there is nothing to ask: that is said, and is no failure of the
 * queries.
 */
export function hasClickHouse(): Promise<boolean>;
