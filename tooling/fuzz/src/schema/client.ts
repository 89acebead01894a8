/** Rows and results as the client returns them. */
export type Row = Record<string, unknown>;

/** One model of a client whose schema is known only when it runs. */
export interface Delegate {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly [action: string]: unknown;
}

/** A Prisma client whose schema is known only when it runs. */
export interface PrismaClient {
  readonly [delegate: string]: unknown;
  $disconnect(): Promise<void>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe(sql: string, ...values: unknown[]): Promise<Row[]>;
  $transaction<Result>(
    work: (client: PrismaClient) => Promise<Result>,
    options?: { timeout?: number; maxWait?: number },
  ): Promise<Result>;
  $transaction(operations: readonly Promise<unknown>[]): Promise<unknown[]>;
  $extends(extension: unknown): PrismaClient;
}

/** Calls an operation by name. The promise is Prisma's own, lazy one: a batch transaction takes it as it is. */
export function call(
  client: PrismaClient,
  delegate: string,
  action: string,
  args: unknown,
): Promise<unknown> {
  const model = client[delegate] as Delegate;
  return (model[action] as (args: unknown) => Promise<unknown>)(args);
}

/** Prisma's error code, or the kind of error where it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
