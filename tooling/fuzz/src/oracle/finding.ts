import type { Granularity, Scope } from '@boost/core';
import type { InvalidationPolicy } from '@boost/prisma';
import type { DatabaseKind } from '../database/database.ts';
import type { Operation } from '../generate/context.ts';
import type { Op } from '../generate/op.ts';
import type { AuthorityKind } from './cached-client.ts';
import type { ViewSettings } from './views.ts';

/**
 * - `stale`: a result changed and nothing that it depends on was bumped
 * - `unfenced`: a result changed and the fence did not cover it
 * - `shape`: a planned read returned something else than a plain one
 * - `effect`: a planned write returned something else than a plain one, or did something else
 * - `crash`: a planner threw, or a session could not go on
 * - `cached`: a client with the cache in front answered something else than one without
 */
export type FindingKind = 'stale' | 'unfenced' | 'shape' | 'effect' | 'crash' | 'cached';

/** Everything that is needed to see a failure again, from an empty database on. */
export interface Case {
  readonly schema: string;
  readonly database: DatabaseKind;
  readonly granularity: Granularity;
  readonly settings: ViewSettings;
  /** What made the rows that the read then found. */
  readonly history: readonly Op[];
  /** Absent where a write alone fails. */
  readonly read?: Operation;
  /** What happened after the read was stored; the last one is what the entry should not have survived. Empty where a read alone fails. */
  readonly ops: readonly Op[];
  /** How the cache was set up; absent where the planners were asked alone. */
  readonly cache?: CacheSettings;
}

export interface CacheSettings {
  readonly authority: AuthorityKind;
  readonly tenant?: string;
  readonly policy?: InvalidationPolicy;
  /** The relation of a fluent call, with its arguments, that the read goes on with. */
  readonly fluent?: { readonly relation: string; readonly args: unknown };
}

export interface Finding {
  readonly kind: FindingKind;
  readonly case: Case;
  readonly seed: number;
  readonly before: string;
  readonly after: string;
  readonly deps: readonly Scope[];
  readonly bumps: readonly Scope[];
  readonly note?: string;
  /** Seen without asking the database, or without asking it twice: a finding only if playing it again shows the same. */
  readonly worked?: boolean;
}

/** Findings with the same signature are taken for the same bug: one of them is shown. */
export function signature({ kind, case: { schema, ops, read } }: Finding): string {
  const op = ops.at(-1);
  if (kind === 'effect' && op?.kind === 'write') return `${kind} ${op.operation.action}`;
  const shape = op === undefined ? [`${String(read?.model)}.${String(read?.action)}`] : opShape(op);
  return [kind, schema, ...shape].join(' ');
}

function opShape(op: Op): string[] {
  const shape = ({ model, action }: Operation): string => `${model}.${action}`;
  switch (op.kind) {
    case 'write':
      return [shape(op.operation)];
    case 'duel':
      return ['duel', shape(op.operation), shape(op.other)];
    case 'raw':
      return [op.kind, op.sql.slice(0, 6)];
    case 'invalidate':
      return [op.kind];
    case 'transaction':
      return [op.style, ...op.operations.map(shape)];
  }
}
