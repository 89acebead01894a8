import type { Generator, Operation } from './context.ts';
import { write } from './write.ts';

/** What can happen between two rounds of reads. */
export type Op =
  | { readonly kind: 'write'; readonly operation: Operation }
  | {
      readonly kind: 'transaction';
      readonly style: 'interactive' | 'batch';
      readonly operations: readonly Operation[];
      /** Ends with a rollback on purpose. */
      readonly rollback: boolean;
    }
  /** Two writers: `other` happens as a whole just before `operation` takes its step with this number, counted from 0. */
  | {
      readonly kind: 'duel';
      readonly operation: Operation;
      readonly other: Operation;
      readonly step: number;
    };

export type OpWeights = Readonly<Record<Op['kind'], number>>;

export const OP_WEIGHTS: OpWeights = { write: 10, transaction: 1.5, duel: 2 };

export function randomOp(generator: Generator, weights: OpWeights = OP_WEIGHTS): Op {
  const { random } = generator;
  const kind = random.weighted(weights);
  switch (kind) {
    case 'write':
      return { kind, operation: write(generator) };
    case 'transaction':
      return {
        kind,
        style: random.pick(['interactive', 'batch']),
        operations: Array.from({ length: random.int(1, 3) }, () => write(generator)),
        rollback: random.chance(0.25),
      };
    case 'duel':
      return {
        kind,
        operation: write(generator),
        other: write(generator),
        step: random.pick([0, 1, 1, 1, 2]),
      };
  }
}
