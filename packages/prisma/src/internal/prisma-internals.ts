import { BoostError } from '@boost/core';

/**
 * Everything private of Prisma's client that Boost reads, in this one file. Tried on 6.16, 6.19 and 7.10; a test for each
 * supported version holds it to what it says.
 *
 * What every version shares: `$extends` makes clients by `Object.create` of one original client. So what is put on the original
 * is seen by all clients that come of it, by those made earlier, by later ones and by those of a transaction.
 */

/** How an operation belongs to a transaction. */
export type Transaction =
  { readonly kind: 'itx'; readonly id: string } | { readonly kind: 'batch'; readonly id: number };

/** What `__internalParams` tells about a call, and what `query` takes as its second argument. */
export interface InternalParams {
  readonly args?: unknown;
  readonly action?: string;
  readonly model?: string | undefined;
  /** `post.findMany`, `$queryRaw`: as the caller wrote it. */
  readonly clientMethod?: string;
  readonly dataPath?: readonly string[];
  readonly transaction?: Transaction;
  readonly unpacker?: unknown;
  readonly argsMapper?: unknown;
  [ORIGIN]?: Origin;
}

/** What a query callback is called with. */
export interface QueryCallbackParams {
  readonly model?: string;
  readonly operation: string;
  readonly args: unknown;
  readonly query: (args: unknown, internalParams?: InternalParams) => Promise<unknown>;
  readonly __internalParams: InternalParams;
}

/** A field that a result extension computes, and the fields it needs, its own dependencies resolved. */
export interface ComputedField {
  readonly name: string;
  readonly needs: readonly string[];
}

export type ComputedFields = Readonly<Record<string, ComputedField>>;

interface Extensions {
  getAllComputedFields(model: string): ComputedFields | undefined;
  getAllClientExtensions(): Readonly<Record<PropertyKey, unknown>> | undefined;
}

interface Engine {
  transaction: (
    this: Engine,
    action: string,
    headers: unknown,
    argument: unknown,
  ) => Promise<unknown>;
}

type PrismaPromiseFactory = (
  this: PrismaClientLike,
  callback: (transaction?: Transaction) => unknown,
  operation?: { readonly action?: string },
) => Promise<unknown>;

/** A client as this file sees it. */
export interface PrismaClientLike {
  readonly _originalClient: PrismaClientLike;
  readonly _extensions: Extensions;
  readonly _engine: Engine;
  readonly _engineConfig?: {
    readonly adapter?: { readonly adapterName?: string } | null;
    readonly previewFeatures?: readonly string[];
  };
  readonly _activeProvider?: string;
  readonly _clientVersion?: string;
  readonly _globalOmit?: GlobalOmit;
  _request: (this: PrismaClientLike, params: InternalParams) => Promise<unknown>;
  _createPrismaPromise: PrismaPromiseFactory;
  $extends(extension: unknown): PrismaClientLike;
}

/** Client-level `omit`: model, its first letter in lower case, → field → omitted. */
export type GlobalOmit = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/** What an extension's state does for the operations of its clients. */
export interface ExtensionState {
  /** What stands for the store that the extension keeps right. */
  readonly store: object;
  /** Called when an operation is made, which may be long before it runs. */
  captureContext(): unknown;
  /** Gives the promise of an operation that was made more methods. */
  decorate?(promise: Promise<unknown>, action: string | undefined, made: MadeOperation): void;
}

/** An operation from when it was made, for the extensions of the client that it was made on. */
export interface MadeOperation {
  readonly states: readonly ExtensionState[];
  /** What each of the extensions captured. */
  readonly captured: readonly unknown[];
  /** How it was answered, once it was. */
  answer: unknown;
}

/** Where an operation was made. */
class Origin implements OperationOrigin {
  readonly client: PrismaClientLike;
  readonly made: MadeOperation | undefined;

  constructor(client: PrismaClientLike, made: MadeOperation | undefined) {
    this.client = client;
    this.made = made;
  }

  computedFields(model: string): ComputedFields | undefined {
    return this.client._extensions.getAllComputedFields(model);
  }

  captured(state: ExtensionState): { readonly value: unknown } | undefined {
    const index = this.made?.states.indexOf(state) ?? -1;
    return index === -1 ? undefined : { value: this.made?.captured[index] };
  }
}

const ORIGIN: unique symbol = Symbol('boost.origin');

/**
 * The key under which an extension puts its state, after those of the extensions before it, into its client component; Prisma
 * hands that on to clients extended later.
 */
export const STATES: unique symbol = Symbol('boost.states');

/** Told about the operations and the interactive transactions of all clients that come of one original. */
export interface FamilyListener {
  /** An operation is made on a client with these extensions of ours; `run` lets Prisma go on with it. */
  operation(
    params: InternalParams,
    states: readonly ExtensionState[],
    run: () => Promise<unknown>,
  ): Promise<unknown>;
  started(id: string): void;
  /** `run` commits. */
  commit(id: string, run: () => Promise<unknown>): Promise<unknown>;
  /** `run` rolls back. */
  rollback(id: string, run: () => Promise<unknown>): Promise<unknown>;
}

const PROPERTIES: readonly [name: string, found: (client: PrismaClientLike) => boolean][] = [
  ['_originalClient', ({ _originalClient }) => typeof _originalClient === 'object'],
  ['_request', (client) => typeof client._request === 'function'],
  ['_createPrismaPromise', (client) => typeof client._createPrismaPromise === 'function'],
  ['_engine.transaction', (client) => typeof client._engine?.transaction === 'function'],
  [
    '_extensions.getAllComputedFields',
    (client) => typeof client._extensions?.getAllComputedFields === 'function',
  ],
  [
    '_extensions.getAllClientExtensions',
    (client) => typeof client._extensions?.getAllClientExtensions === 'function',
  ],
];

/**
 * The client, checked to have what this file reads.
 *
 * @throws BoostError `BOOST_PRISMA_UNSUPPORTED`
 */
export function inspectClient(client: unknown): PrismaClientLike {
  const candidate = client as PrismaClientLike;
  const isObject = typeof client === 'object' && client !== null;
  const missing = isObject
    ? PROPERTIES.find(([, found]) => !found(candidate))?.[0]
    : '_originalClient';
  if (missing === undefined) return candidate;
  const version = isObject ? (candidate._clientVersion ?? 'unknown') : 'unknown';
  throw new BoostError(
    'BOOST_PRISMA_UNSUPPORTED',
    `This Prisma client (version ${version}) does not have \`${missing}\`, which Boost needs to invalidate correctly. ` +
      'Use Prisma 6.16 or later of 6, or 7.',
    { details: { missing, version } },
  );
}

/** Whether the client's driver adapter runs every statement as its own commit: those of D1 ignore transactions. */
export function isTransactionless(client: PrismaClientLike): boolean {
  const adapterName = client._originalClient._engineConfig?.adapter?.adapterName ?? '';
  return adapterName.startsWith('@prisma/adapter-d1');
}

/** Whether the client refuses arguments that are explicitly undefined: preview feature `strictUndefinedChecks`. */
export function refusesUndefined(client: PrismaClientLike): boolean {
  const features = client._originalClient._engineConfig?.previewFeatures ?? [];
  return features.includes('strictUndefinedChecks');
}

/** Client-level `omit`; undefined when there is none. */
export function globalOmitOf(client: PrismaClientLike): GlobalOmit | undefined {
  return client._originalClient._globalOmit;
}

/** The states of the Boost extensions that the client has, in the order in which they were added. */
export function statesOf(client: PrismaClientLike): readonly ExtensionState[] {
  const states = client._extensions.getAllClientExtensions()?.[STATES];
  return (states as readonly ExtensionState[] | undefined) ?? NO_STATES;
}

const NO_STATES: readonly ExtensionState[] = [];

/** The state of a client of our own: nobody is told of its operations. */
export const UNOBSERVED: ExtensionState = { store: {}, captureContext: () => undefined };

const hooked = new WeakMap<PrismaClientLike, FamilyListener>();

/**
 * Makes the operations and transactions of all clients that come of one original visible, once; further calls return the first
 * listener.
 *
 * - Operations carry where they were made.
 * - `listener` sees each operation, and each start, commit and rollback, whichever client it came through.
 */
export function hook<L extends FamilyListener>(
  client: PrismaClientLike,
  createListener: () => L,
): L {
  const original = client._originalClient;
  const known = hooked.get(original) as L | undefined;
  if (known !== undefined) return known;
  const listener = createListener();
  hooked.set(original, listener);
  hookOperations(original, listener);
  hookTransactions(original, listener);
  return listener;
}

/** Set while an operation is made, respectively while a made operation begins to run. */
let capturing: MadeOperation | undefined;
let running = false;

function hookOperations(original: PrismaClientLike, listener: FamilyListener): void {
  const createPrismaPromise = original._createPrismaPromise;
  original._createPrismaPromise = function (callback, operation) {
    const states = running ? NO_STATES : statesOf(this);
    if (states.length === 0) return createPrismaPromise.call(this, callback, operation);
    const captured = states.map((state) => state.captureContext());
    const made: MadeOperation = { states, captured, answer: undefined };
    // Bundlers name the functions that a variable holds, which takes longer than to call them.
    const promise = createPrismaPromise.call(
      this,
      (transaction) => {
        const outer = capturing;
        capturing = made;
        try {
          return callback(transaction);
        } finally {
          capturing = outer;
        }
      },
      operation,
    );
    for (const state of states) state.decorate?.(promise, operation?.action, made);
    return promise;
  };

  const request = original._request;
  original._request = function (params) {
    // Prisma makes the parameters anew for each request.
    params[ORIGIN] = new Origin(this, capturing);
    const states = statesOf(this);
    if (states[0] === UNOBSERVED) return whileRunning(() => request.call(this, params));
    return listener.operation(params, states, () => whileRunning(() => request.call(this, params)));
  };
}

/** Runs what belongs to an operation under way: the steps that Prisma makes promises for are no new operations. */
function whileRunning<T>(run: () => T): T {
  const outer = running;
  running = true;
  try {
    return run();
  } finally {
    running = outer;
  }
}

function hookTransactions(original: PrismaClientLike, listener: FamilyListener): void {
  const engine = original._engine;
  const transaction = engine.transaction;
  engine.transaction = async (action, headers, argument) => {
    const run = (): Promise<unknown> => transaction.call(engine, action, headers, argument);
    if (action === 'commit') return listener.commit(idOf(argument), run);
    if (action === 'rollback') return listener.rollback(idOf(argument), run);
    const started = await run();
    listener.started(idOf(started));
    return started;
  };
}

function idOf(info: unknown): string {
  return String((info as { readonly id?: unknown } | undefined)?.id);
}

/** What is known of where an operation is made. */
export interface OperationOrigin {
  /** Fields that result extensions of the calling client compute, those added after ours included. */
  computedFields(model: string): ComputedFields | undefined;
  /** What the extension captured when the operation was made; undefined when nothing was. */
  captured(state: ExtensionState): { readonly value: unknown } | undefined;
}

/** One call of a query callback, as far as private parameters tell. */
export interface CallInternals extends OperationOrigin {
  readonly transaction: Transaction | undefined;
  /** Names on the way from the result of the operation to what a fluent call returns; empty otherwise. */
  readonly path: readonly string[];
  /** How many query extensions run inside of ours; undefined when it cannot be told. */
  readonly innerExtensions: number | undefined;
  /** Keeps how the operation was answered, for those who ask its promise. */
  answered(answer: unknown): void;
  /** Goes on as Prisma would without our extension. */
  pass(args: unknown): Promise<unknown>;
  /** Asks the database, through the inner extensions. The call's own parameters stay as they are. */
  query(args: unknown): Promise<unknown>;
  /** Asks the database another question in the same transaction, without the inner extensions' knowledge: only when there are none. */
  queryOther(model: string, action: string, args: unknown): Promise<unknown>;
}

/**
 * Reads the private parameters of a call.
 *
 * @param callbacks - `this` of the callback: Prisma calls it as an element of the array of all callbacks in force
 * @param own - our callback
 * @throws BoostError `BOOST_PRISMA_UNSUPPORTED` when the parameters do not tell where the operation was made
 */
export function readCall(
  callbacks: unknown,
  own: unknown,
  call: QueryCallbackParams,
): CallInternals {
  const origin = call.__internalParams?.[ORIGIN];
  if (origin === undefined) {
    throw new BoostError(
      'BOOST_PRISMA_UNSUPPORTED',
      'Prisma called the extension without the private parameters that tell transactions. Use Prisma 6.16 or later of 6, or 7.',
    );
  }
  const position = Array.isArray(callbacks) ? callbacks.indexOf(own) : -1;
  const innerExtensions =
    position === -1 ? undefined : (callbacks as readonly unknown[]).length - 1 - position;
  return new PrismaCall(origin, call, innerExtensions);
}

const NO_PATH: readonly string[] = [];

class PrismaCall extends Origin implements CallInternals {
  readonly innerExtensions: number | undefined;
  readonly #params: InternalParams;
  readonly #query: QueryCallbackParams['query'];

  constructor(
    { client, made }: Origin,
    { query, __internalParams: params }: QueryCallbackParams,
    innerExtensions: number | undefined,
  ) {
    super(client, made);
    this.#params = params;
    this.#query = query;
    this.innerExtensions = innerExtensions;
  }

  get transaction(): Transaction | undefined {
    return this.#params.transaction;
  }

  get path(): readonly string[] {
    const { dataPath } = this.#params;
    if (dataPath === undefined || dataPath.length === 0) return NO_PATH;
    return dataPath.filter((_, index) => index % 2 === 1);
  }

  answered(answer: unknown): void {
    if (this.made !== undefined) this.made.answer = answer;
  }

  pass(args: unknown): Promise<unknown> {
    return whileRunning(() => this.#query(args));
  }

  query(args: unknown): Promise<unknown> {
    // A copy of the parameters, because Prisma writes the arguments into them and later applies result extensions by those.
    return whileRunning(() => this.#query(args, { ...this.#params, dataPath: [] }));
  }

  queryOther(model: string, action: string, args: unknown): Promise<unknown> {
    const params = { ...this.#params, model, action, dataPath: [] };
    return whileRunning(() =>
      this.#query(args, { ...params, unpacker: undefined, argsMapper: undefined }),
    );
  }
}

/** Of an operation that is being made on a client right now. */
export function originOn(client: PrismaClientLike): OperationOrigin {
  return new Origin(client, undefined);
}

/** The transaction that a client is bound to; undefined for a client outside of one. */
export async function transactionOf(client: PrismaClientLike): Promise<Transaction | undefined> {
  const probe = whileRunning(() => client._createPrismaPromise((bound) => Promise.resolve(bound)));
  return (await probe) as Transaction | undefined;
}
