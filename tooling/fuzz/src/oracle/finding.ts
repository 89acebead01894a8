import type { Granularity, Scope } from '@boost/core';
import type { DatabaseKind } from '../database/database.ts';
import type { Operation } from '../generate/context.ts';
import type { Op } from '../generate/op.ts';
import type { ViewSettings } from './views.ts';

/**
 * - `stale`: a result changed and nothing that it depends on was bumped
 * - `unfenced`: a result changed and the fence did not cover it
 * - `shape`: a planned read returned something else than a plain one
 * - `effect`: a planned write returned something else than a plain one, or did something else
 * - `crash`: a planner threw
 */
export type FindingKind = 'stale' | 'unfenced' | 'shape' | 'effect' | 'crash';

/** Everything that is needed to see a failure again, from an empty database on. */
export interface Case {
  readonly schema: string;
  readonly database: DatabaseKind;
  readonly granularity: Granularity;
  readonly settings: ViewSettings;
  readonly history: readonly Op[];
  /** Absent where a write alone fails. */
  readonly read?: Operation;
  /** Absent where a read alone fails. */
  readonly op?: Op;
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
  /** The results were worked out: a finding only if playing it again shows the same. */
  readonly worked?: boolean;
}

/** Findings with the same signature are taken for the same bug: one of them is shown. */
export function signature({ kind, case: { schema, op, read } }: Finding): string {
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
    case 'transaction':
      return [op.style, ...op.operations.map(shape)];
  }
}
