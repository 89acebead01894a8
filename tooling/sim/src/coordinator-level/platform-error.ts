export interface PlatformFault {
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
}

/** What the platform throws at the caller of an object. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly retryable: boolean;
  readonly overloaded: boolean;

  constructor(message: string, { retryable = false, overloaded = false }: PlatformFault) {
    super(message);
    this.retryable = retryable;
    this.overloaded = overloaded;
  }
}
