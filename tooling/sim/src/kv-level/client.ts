import type {
  Args,
  CacheAdapter,
  CallContext,
  Engine,
  ReadAction,
  ReadOutcome,
  Session,
  WriteAction,
} from '@boost/core';
import type { Packages } from '../build.ts';
import { DatabaseError, NotFoundError, schemaOf, type Database, type Row } from '../database.ts';
import type { Request } from '../isolate.ts';
import type { Random } from '@boost-tooling/fuzz/random';
import type { Settings } from './settings.ts';

/** Milliseconds after which a write is taken to be decided; the database commits no later. */
export const WRITE_DEADLINE_MS = 10_000;

export interface ClientOptions {
  readonly packages: Packages;
  readonly request: Request;
  readonly adapter: CacheAdapter;
  readonly database: Database;
  readonly random: Random;
  readonly settings: Settings;
  readonly ticket: string | undefined;
  readonly version: string;
  /** The newest commit of the database. */
  readonly lastCommit: () => number;
  readonly onEvent: (text: string) => void;
}

/** The production engine, as a request has it. */
export class Client {
  readonly session: Session;
  /** Of the last write: the commits that it made. */
  commits: number[] = [];
  /** Of the last write: whether others may never hear of it. */
  isIncomplete = false;
  readonly #engine: Engine;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    const { packages, request, adapter, settings, ticket, version, onEvent } = options;
    const { createEngine, kvAuthority } = packages;
    this.#options = options;
    const { granularity, transactions } = settings;
    this.#engine = createEngine({
      ports: request.ports,
      schema: schemaOf(packages),
      adapter,
      authority: kvAuthority({ granularity }),
      tier: granularity === 'model' ? 'free' : 'pro',
      version,
      transactions,
      defaultTTL: settings.ttlSeconds,
      defaultSWR: settings.swrSeconds,
      coalesceTimeout: settings.coalesceMs,
      writeDeadline: WRITE_DEADLINE_MS,
      makeDecimal: (text) => text,
      classifyFailure: (error) => (error instanceof DatabaseError ? error.kind : 'unknown'),
      onInvalidate: (_, { incomplete, scopes }) => {
        this.isIncomplete ||= incomplete;
        onEvent(`bumped ${scopes.join(' ')}${incomplete ? ', incomplete' : ''}`);
      },
      onError: (error, operation) => onEvent(`${operation}: ${String(error)}`),
    });
    this.session = this.#engine.session(ticket);
  }

  read(model: string, action: ReadAction, args: Args): Promise<ReadOutcome> {
    return this.#engine.read({
      operation: { model, action, args },
      strategy: {},
      context: this.#context,
      execute: (sent) => this.#ask(() => this.#options.database.read(model, action, sent)),
    });
  }

  write(model: string, action: WriteAction, args: Args): Promise<unknown> {
    const { database } = this.#options;
    this.commits = [];
    this.isIncomplete = false;
    return this.#engine.write({
      operation: { model, action, args },
      context: this.#context,
      runner: {
        run: (sent, sentArgs) => this.#change(() => database.write(model, sent, sentArgs)),
        isNotFound: (error) => error instanceof NotFoundError,
        images: {
          findMany: (target, sent) =>
            this.#ask(() => database.read(target, 'findMany', sent) as Row[]),
        },
      },
    });
  }

  get #context(): CallContext {
    return { tenant: undefined, user: undefined, session: this.session };
  }

  #ask<Result>(read: () => Result): Promise<Result> {
    const { request, random } = this.#options;
    const { slow } = this.#options.settings.faults;
    const toMs = random.chance(slow) ? random.int(50, 3_000) : random.int(1, 20);
    return request.call(toMs, read, this.#wayBackMs());
  }

  #change<Result>(statement: () => Result): Promise<Result> {
    const { request, random, settings, lastCommit } = this.#options;
    const write = (): Result => {
      const before = lastCommit();
      const result = statement();
      if (lastCommit() > before) this.commits.push(lastCommit());
      return result;
    };
    const { faults } = settings;
    const toMs = random.int(1, 20);
    const backMs = this.#wayBackMs();
    if (random.chance(faults.refused)) {
      return request.call(toMs, () => raise(new DatabaseError('refused')), backMs);
    }
    if (!random.chance(faults.unknown)) return request.call(toMs, write, backMs);
    const lost = (): never => raise(new DatabaseError('unknown'));
    switch (random.pick(['before', 'after', 'late'])) {
      case 'before':
        return request.call(toMs, lost, backMs);
      case 'after':
        return request.call(
          toMs,
          () => {
            write();
            return lost();
          },
          backMs,
        );
      default: {
        // It commits when the caller has long been told that nobody knows.
        void request.hang(random.int(0, WRITE_DEADLINE_MS - 2_000), () => attempt(write));
        return request.call(toMs, lost, backMs);
      }
    }
  }

  #wayBackMs(): number {
    const { random, settings } = this.#options;
    return random.chance(settings.faults.slow)
      ? random.int(500, random.pick([5_000, 25_000]))
      : random.int(1, 20);
  }
}

function raise(error: Error): never {
  throw error;
}

/** A statement that nobody waits for any more may fail. */
function attempt(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}
