import type { Consistency, ReadAction, WriteAction } from '@boost/core';
import type { Types } from '@prisma/client/runtime/client';
import type { InvalidationResult } from '@boost/core';
import type { AccelerateMethods } from './accelerate.js';
import type { InfoPromise } from './cache-info.js';
import type { ClientSession } from './client-methods.js';
import type { Explanation } from './explanation.js';

type Exact<A, W> = Types.Public.Exact<A, W>;
type Payload = Types.Payload;

/** How the result of one query is cached: the argument that Prisma Accelerate has, with the same meaning. */
export interface CacheStrategyArgs {
  /**
   * How the result is cached; `false`: not at all. What is left out is as the options say.
   *
   * @see CacheStrategyInput
   */
  readonly cacheStrategy?: CacheStrategyInput | false;
}

export interface CacheStrategyInput {
  /** Seconds for which the result is fresh, unless a write makes it wrong. */
  readonly ttl?: number;
  /** Seconds after `ttl` in which it may still be served while it is revalidated in the background. */
  readonly swr?: number;
  /** Labels for `$invalidateCache({ tags })`: letters, digits and `_`, at most 64 characters, at most 5. */
  readonly tags?: readonly string[];
  /**
   * What a cached answer may be; see the option of that name. `strong` is answered from the cache only where the options of the
   * client have `strong`, too, or `coordinator.allowUnfenced: false`: writers rely on them. Elsewhere such a read asks the database.
   *
   * @defaultValue that of the models, then of the client
   */
  readonly consistency?: Consistency;
}

/** The types of a model as Prisma attaches them to its delegate. */
interface ModelTypes {
  readonly payload: Payload;
  readonly operations: Readonly<Record<string, { readonly args: object }>>;
}

interface Delegate {
  readonly [key: symbol]: { readonly types: ModelTypes };
}

type TypesOf<Model> = Model extends Delegate ? Model[symbol]['types'] : never;
type ArgsOf<Model, Action extends PropertyKey> = TypesOf<Model>['operations'][Action &
  string]['args'];
type CachedArgs<Model, Action extends PropertyKey> = ArgsOf<Model, Action> & CacheStrategyArgs;

/**
 * What arguments are inferred as: those of the model as the extension found it, which TypeScript has to know beforehand to
 * infer `'asc'` and not `string`, with room for fields that result extensions add later.
 */
type Inferred<Model, Action extends PropertyKey> = {
  [Name in keyof ArgsOf<Model, Action>]: Name extends 'select' | 'include' | 'omit'
    ? ArgsOf<Model, Action>[Name] | object
    : ArgsOf<Model, Action>[Name];
} & CacheStrategyArgs;

/**
 * The arguments checked: of the model as it is where the operation is called, with what result extensions added since.
 * Where nothing says on what it is called (a client that is assigned to an interface), of the model that was extended.
 */
type Checked<A, Model, This, Action extends PropertyKey> = Exact<
  A,
  CachedArgs<unknown extends This ? Model : This, Action>
>;

type ResultOf<This, A, Action extends ReadAction, Omitted> = Types.Result.GetResult<
  TypesOf<This>['payload'],
  A,
  Action,
  Omitted
>;

/** The relations of a row that can be chained on the promise of it: `prisma.post.findUnique(…).comments()`. */
type Fluent<P extends Payload, Select, Nothing, Omitted> = {
  [Relation in keyof P['objects']]: <A>(
    args?: Exact<A, Types.Utils.Path<Select, [Relation]>>,
  ) => FluentPromise<P, Relation, A, Nothing, Omitted> &
    FluentOf<P['objects'][Relation], Types.Utils.Path<Select, [Relation]>, Nothing, Omitted>;
};

type FluentPromise<
  P extends Payload,
  Relation extends keyof P['objects'],
  A,
  Nothing,
  Omitted,
> = InfoPromise<
  | Types.Utils.Path<
      Types.Result.GetFindResult<P, { select: { [Name in Relation]: A } }, Omitted>,
      [Relation]
    >
  | Nothing
>;

type FluentOf<Related, Select, Nothing, Omitted> = Related extends readonly unknown[]
  ? unknown
  : NonNullable<Related> extends infer P extends Payload
    ? Fluent<P, SelectIn<Select>, Nothing | (null extends Related ? null : never), Omitted>
    : unknown;

type SelectIn<Args> = Args extends { select?: infer Select } ? NonNullable<Select> : never;

type RowPromise<This, A, Action extends ReadAction, Nothing, Omitted> = InfoPromise<
  ResultOf<This, A, Action, Omitted>
> &
  Fluent<TypesOf<This>['payload'], SelectIn<ArgsOf<This, Action>>, Nothing, Omitted>;

/** The read operations of a model as Prisma types them, with `cacheStrategy`. */
export interface CachedReads<Model, Omitted> {
  findUnique<This, A extends Inferred<Model, 'findUnique'>>(
    this: This,
    args: Checked<A, Model, This, 'findUnique'>,
  ): RowPromise<This, A, 'findUnique', null, Omitted>;
  findUniqueOrThrow<This, A extends Inferred<Model, 'findUniqueOrThrow'>>(
    this: This,
    args: Checked<A, Model, This, 'findUniqueOrThrow'>,
  ): RowPromise<This, A, 'findUniqueOrThrow', never, Omitted>;
  findFirst<This, A extends Inferred<Model, 'findFirst'>>(
    this: This,
    args?: Checked<A, Model, This, 'findFirst'>,
  ): RowPromise<This, A, 'findFirst', null, Omitted>;
  findFirstOrThrow<This, A extends Inferred<Model, 'findFirstOrThrow'>>(
    this: This,
    args?: Checked<A, Model, This, 'findFirstOrThrow'>,
  ): RowPromise<This, A, 'findFirstOrThrow', never, Omitted>;
  findMany<This, A extends Inferred<Model, 'findMany'>>(
    this: This,
    args?: Checked<A, Model, This, 'findMany'>,
  ): InfoPromise<ResultOf<This, A, 'findMany', Omitted>>;
  count<This, A extends Inferred<Model, 'count'>>(
    this: This,
    args?: Checked<A, Model, This, 'count'>,
  ): InfoPromise<ResultOf<This, A, 'count', Omitted>>;
  aggregate<This, A extends Inferred<Model, 'aggregate'>>(
    this: This,
    args?: Checked<A, Model, This, 'aggregate'>,
  ): InfoPromise<ResultOf<This, A, 'aggregate', Omitted>>;
  groupBy<This, A extends Inferred<Model, 'groupBy'>>(
    this: This,
    args: Checked<A, Model, This, 'groupBy'>,
  ): InfoPromise<ResultOf<This, A, 'groupBy', Omitted>>;
}

/** Properties of the client that are its models. */
type ModelProps<Client> = {
  [Name in keyof Client & string]: Client[Name] extends Delegate ? Name : never;
}[keyof Client & string];

/** Names of the client's models: `'Post' | 'Comment'`. */
type ModelNames<Client> = unknown extends Client
  ? string
  : TypesOf<Client[ModelProps<Client>]>['payload']['name'];

type ArgsIn<Client, Model, Action extends PropertyKey> = unknown extends Client
  ? object
  : {
      [Name in ModelProps<Client>]: TypesOf<Client[Name]>['payload']['name'] extends Model
        ? ArgsOf<Client[Name], Action>
        : never;
    }[ModelProps<Client>];

type WhereIn<Client, Model> =
  ArgsIn<Client, Model, 'findMany'> extends { where?: infer Where } ? Where : object;

type ScalarsOf<This> =
  TypesOf<This> extends { payload: { scalars: infer Scalars } } ? keyof Scalars : never;

/** Client-level `omit`, told from what the client's own operations return by default. */
interface OmittedByReads<Client> {
  readonly omit: {
    readonly [Name in ModelProps<Client>]: Client[Name] extends {
      findFirstOrThrow(...args: never): PromiseLike<infer Row>;
    }
      ? { readonly [Field in Exclude<ScalarsOf<Client[Name]>, keyof Row>]: true }
      : unknown;
  };
}

/** What Prisma knows of a client's models and options, as its own `$extends` holds it: `never` if the client has a runtime of its own. */
type TypeMapIn<Client> = Client extends {
  $extends: Types.Extensions.ExtendsHook<
    infer _Variant,
    infer _Callback,
    infer _Extensions,
    infer Map
  >;
}
  ? Map
  : never;

/** Client-level `omit`: as the client says it, which is cheap to compile, or told from its reads. */
type OmittedBy<Client> = [TypeMapIn<Client>] extends [never]
  ? OmittedByReads<Client>
  : TypeMapIn<Client>['globalOmitOptions'];

/** The methods that the extension adds to the client. */
export interface CacheMethods<Client> {
  /**
   * Invalidates what was cached: everything of the tenant, of a model, of some of its rows, or what has a tag. Inside an
   * interactive transaction it takes effect with the commit.
   *
   * @throws BoostError `BOOST_MODEL_UNKNOWN`, `BOOST_STRATEGY_INVALID` for ill-formed tags
   */
  $invalidateCache<Model extends ModelNames<Client>>(
    target?:
      | Model
      | {
          readonly model: Model;
          readonly where?: WhereIn<Client, Model>;
        }
      | { readonly tags: readonly string[] },
  ): Promise<InvalidationResult>;
  /** Waits for what was started in the background (stores, retried invalidations), and writes what was counted for analytics. */
  $cleanup(): Promise<void>;
  /**
   * Tells what an operation depends on or would invalidate, under which key, and why. It is not run. Of a write that would change
   * rows which exist, those rows are read.
   *
   * @throws BoostError `BOOST_MODEL_UNKNOWN`
   */
  $explain<Model extends ModelNames<Client>, Action extends ReadAction | WriteAction>(operation: {
    readonly model: Model;
    readonly action: Action;
    readonly args?: ArgsIn<Client, Model, Action>;
  }): Promise<Explanation>;
  readonly $session: ClientSession;
  /** The methods of Prisma Accelerate, for code that was written for it. */
  readonly $accelerate: AccelerateMethods;
}

// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- Prisma merges what an extension adds, and this adds none of the kind.
type Nothing = Record<never, never>;

type Thunks<T> = { [Name in keyof T]: () => T[Name] };

/** What the extension adds to the types of a client, in the form that Prisma's `$extends` merges. */
export interface CacheExtensionArgs<Client> {
  readonly result: Nothing;
  readonly query: Nothing;
  readonly model: {
    readonly [Name in ModelProps<Client>]: Thunks<CachedReads<Client[Name], OmittedBy<Client>>>;
  };
  readonly client: Thunks<CacheMethods<Client>>;
}

/** What `createCacheExtension` returns, for `$extends`. */
export type CacheExtension<Client> = (client: Client) => {
  $extends: { extArgs: CacheExtensionArgs<Client> };
};
