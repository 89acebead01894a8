import {
  BoostError,
  isPlainObject,
  type Args,
  type CacheStrategy,
  type Consistency,
  type ReadAction,
  type ReadCall,
} from '@boost/core';
import type { CacheClient } from './cache-client.js';
import { isOpaque, type Call } from './call.js';
import { isConsistency } from './consistency.js';
import type { D1Reads } from './d1-session.js';
import type { CallInternals } from './internal/prisma-internals.js';
import { unpack } from './operations.js';
import { shownModels } from './shown-models.js';
import type { CacheStrategyInput } from './types.js';

/** Answers a read from the cache where that is right, else from the database. */
export function read(client: CacheClient, call: Call<ReadAction>): Promise<unknown> {
  const { model, action, internals, context } = call;
  const own = checkStrategy(call.args['cacheStrategy']);
  const args = withoutStrategy(call.args);
  const strategy = strategyOf(client, call, own);
  const bypass = bypassOf(client, call, own);
  const effective = bypass === undefined ? client.effectiveArgs(internals, model, args) : args;
  const pass = bypass ?? (effective === null ? 'computed-fields' : undefined);
  if (pass !== undefined) {
    const call = new Asked({ model, action, args }, strategy, context.call, internals, client.d1);
    call.bypass = pass;
    call.mayBeOld = OWN_BYPASSES.has(pass) && client.consistencyOf(model, args) !== 'strong';
    return answer(client, internals, call);
  }
  const operation = { model, action, args: effective ?? args };
  const cached = new Asked(operation, strategy, context.call, internals, client.d1);
  const variant = variantOf(client, call);
  if (variant !== undefined) cached.variant = variant;
  const consistency = (own || undefined)?.consistency ?? client.consistencyOf(model, args);
  if (consistency !== undefined) cached.consistency = consistency;
  cached.mayBeOld = strategy === false && consistency !== 'strong';
  const answered = client.isPrepared
    ? answer(client, internals, cached)
    : client.prepare().then(() => answer(client, internals, cached));
  const { path } = internals;
  return path.length === 0 ? answered : answered.then((result) => unpack(result, path));
}

/** What the application says in its options, and not what happened. */
const OWN_BYPASSES = new Set(['disabled', 'model']);

/** What the engine is asked. */
class Asked implements ReadCall {
  readonly operation: ReadCall['operation'];
  readonly strategy: ReadCall['strategy'];
  readonly context: ReadCall['context'];
  readonly #internals: CallInternals;
  readonly #d1: D1Reads | undefined;
  /** The application itself sent the read past the cache, and does not ask for the newest. */
  mayBeOld = false;
  declare bypass?: string;
  declare variant?: readonly string[];
  declare consistency?: Consistency;

  constructor(
    operation: ReadCall['operation'],
    strategy: ReadCall['strategy'],
    context: ReadCall['context'],
    internals: CallInternals,
    d1: D1Reads | undefined,
  ) {
    this.operation = operation;
    this.strategy = strategy;
    this.context = context;
    this.#internals = internals;
    this.#d1 = d1;
  }

  execute(args: Args): Promise<unknown> {
    const d1 = this.#d1;
    if (d1 === undefined) return this.#ask(args);
    return this.mayBeOld ? d1.near(() => this.#ask(args)) : d1.fresh(() => this.#ask(args));
  }

  #ask(args: Args): Promise<unknown> {
    // What goes past the cache goes on as Prisma would without it.
    return this.bypass === undefined ? this.#internals.query(args) : this.#internals.pass(args);
  }
}

function answer(client: CacheClient, internals: CallInternals, call: ReadCall): Promise<unknown> {
  return client.engine.read(call).then(({ result, info }) => {
    internals.answered(info);
    if (info.coalesced || (info.status !== 'miss' && info.status !== 'bypass')) client.d1?.saw();
    return result;
  });
}

function withoutStrategy(given: Args): Args {
  if (!('cacheStrategy' in given)) return given;
  const { cacheStrategy: _, ...args } = given;
  return args;
}

/** `cacheStrategy` of the query over the options of the model over the defaults. */
function strategyOf(
  { options }: CacheClient,
  { model }: Call,
  own: CacheStrategyInput | false | undefined,
): CacheStrategy | false {
  if (own === false) return false;
  if (own === undefined && !options.cacheByDefault) return false;
  const { ttl, swr } = options.models[model] ?? {};
  const { consistency: _, ...strategy } = own ?? {};
  return {
    ...(ttl === undefined ? {} : { ttl }),
    ...(swr === undefined ? {} : { swr }),
    ...strategy,
  };
}

/** Why the database has to answer whatever the cache holds. */
function bypassOf(
  client: CacheClient,
  call: Call,
  own: CacheStrategyInput | false | undefined,
): string | undefined {
  const { options } = client;
  if (call.internals.transaction !== undefined) return 'transaction';
  if (!options.enabled) return 'disabled';
  if (client.isSpent) return 'budget';
  if (call.context.isTenantMissing) return 'no-tenant';
  // With a function the texts that it returns are part of the key.
  if (isOpaque(call, options.innerExtensions !== 'unknown')) return 'inner-extension';
  if (!client.schema.has(call.model)) return 'unknown-model';
  if (client.refuses(withoutStrategy(call.args))) return 'undefined-argument';
  if (own === undefined && isExcluded(client, call)) return 'model';
  return undefined;
}

function isExcluded({ options, schema }: CacheClient, { model, args }: Call): boolean {
  const excluded = Object.values(options.models).some(({ cache }) => cache === false);
  if (!excluded) return false;
  return [...shownModels(schema, model, args)].some(
    (name) => options.models[name]?.cache === false,
  );
}

function variantOf({ options }: CacheClient, call: Call): readonly string[] | undefined {
  const { innerExtensions } = options;
  if (typeof innerExtensions !== 'function' || call.internals.innerExtensions === 0) return;
  const { model, action: operation, args } = call;
  return innerExtensions({ model, operation, args });
}

const STRATEGY = new Set(['ttl', 'swr', 'tags', 'consistency']);

/** @throws BoostError `BOOST_STRATEGY_INVALID`; the engine checks what the parts say */
function checkStrategy(strategy: unknown): CacheStrategyInput | false | undefined {
  if (strategy === undefined || strategy === false) return strategy;
  if (!isPlainObject(strategy)) {
    throw new BoostError(
      'BOOST_STRATEGY_INVALID',
      'cacheStrategy is neither an object nor false: give { ttl, swr, tags, consistency }, all optional, or false',
    );
  }
  for (const name of Object.keys(strategy)) {
    if (STRATEGY.has(name)) continue;
    throw new BoostError(
      'BOOST_STRATEGY_INVALID',
      `cacheStrategy has no "${name}": give { ttl, swr, tags, consistency }, all optional, or false`,
    );
  }
  const { consistency } = strategy;
  if (consistency !== undefined && !isConsistency(consistency)) {
    throw new BoostError(
      'BOOST_STRATEGY_INVALID',
      'cacheStrategy.consistency is none: give "strong", "session" or "eventual"',
    );
  }
  return strategy;
}
