import type { AffectedRow, Args, ReadAction, Scope, WriteAction } from '@boost/core';

/** An operation as its call would be written: `{ model: 'Post', action: 'findMany', args: { where: { published: true } } }`. */
export interface OperationToExplain<Model extends string = string> {
  readonly model: Model;
  readonly action: ReadAction | WriteAction;
  readonly args?: Args;
}

/** What `$explain` returns. */
export interface Explanation {
  readonly kind: 'read' | 'write';
  /** Names the entry; absent for writes, and for reads that are not cached. */
  readonly key?: string;
  /** Why the read is not cached, if it is not. */
  readonly reason?: string;
  /** What the read depends on, as far as its arguments tell; respectively what the write would invalidate. */
  readonly scopes: readonly ExplainedScope[];
  /** Of a write: the rows that it would change, and those that show the change through a relation. */
  readonly affected?: readonly AffectedRow[];
}

export interface ExplainedScope {
  readonly scope: Scope;
  /** What the scope stands for. */
  readonly meaning: string;
}

export function reasonsFor(scopes: readonly Scope[]): readonly ExplainedScope[] {
  return scopes.map((scope) => ({ scope, meaning: meaningOf(scope) }));
}

const PARTS = /^([^:{#!]+)(?::(.*?))?(?:\{(.*)\})?(?:#(.*)|(!))?$/;

/** What a scope stands for, in words. */
export function meaningOf(scope: Scope): string {
  if (scope === '*') return 'everything of this tenant';
  if (scope.startsWith('tag:')) return `what has the tag ${scope.slice(4)}`;
  const [, model = scope, row, partition, facet, imprecise] = PARTS.exec(scope) ?? [];
  if (partition?.endsWith('=?') === true) {
    return `changes of ${model} rows whose ${partition.slice(0, -2)} the writer does not know`;
  }
  const whose = row === undefined ? whoseRows(model, partition) : `${model} ${row}`;
  if (imprecise !== undefined) return `changes of ${whose} that are not told apart`;
  if (facet === undefined) return whose;
  const what = FACETS[facet] ?? facet;
  return facet === 'rows' && row === undefined ? `which ${whose} exist` : `${what} of ${whose}`;
}

function whoseRows(model: string, partition: string | undefined): string {
  return partition === undefined ? `${model} rows` : `${model} rows with ${partition}`;
}

/** Facets that are no fields. */
const FACETS: Readonly<Record<string, string>> = {
  rows: 'existence',
  '~key': 'existence, identifier and keys',
  '~place': 'the foreign and unique keys',
  '~rest': 'the other fields',
  '~never': 'the fields that never invalidate',
};
