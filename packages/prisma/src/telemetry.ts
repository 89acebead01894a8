import {
  MonthlyBudget,
  budgetOf,
  recorderOf,
  type BudgetLevel,
  type Recorder,
} from '@boost/analytics';
import type { EngineEvent, Ports } from '@boost/core';
import type { CacheExtensionOptions } from './options.js';

/** Who is told of what happens in a client's engine. */
export interface Telemetry {
  /** Undefined where nobody wants to know: the engine then makes no events. */
  readonly onEvent: ((event: EngineEvent) => void) | undefined;
  /** What the month's spending allows. */
  readonly budgetLevel: BudgetLevel;
  /** Writes what has been counted. */
  flush(): Promise<void>;
}

/** @throws BoostError `BOOST_OPTION_INVALID` where the environment sets a budget that is none */
export function createTelemetry(given: CacheExtensionOptions, ports: Ports): Telemetry {
  const recorder = createRecorder(given, ports);
  const budget = createBudget(given, ports);
  const counted = together(
    recorder && ((event) => recorder.record(event)),
    budget && ((event) => budget.record(event)),
  );
  return {
    onEvent: together(counted, given.onEvent),
    get budgetLevel() {
      return budget === undefined ? 'open' : budget.level;
    },
    flush: async () => recorder?.flush(),
  };
}

/** The globals that workerd and Node.js share. */
const { console } = globalThis as unknown as {
  readonly console: Readonly<Record<'warn' | 'error', (text: string) => void>>;
};

function createBudget(given: CacheExtensionOptions, ports: Ports): MonthlyBudget | undefined {
  const { adapter, config, onError } = given;
  const options = budgetOf(given.budget, config.budget);
  if (options === undefined) return undefined;
  return new MonthlyBudget(options, {
    identity: adapter.identity ?? adapter,
    clock: ports.clock,
    waitUntil: (promise) => ports.waitUntil(promise),
    log: (severity, text) => console[severity](text),
    onError: (error) => onError?.(error, 'budget'),
  });
}

function createRecorder(
  { analytics, executionCtx, onError }: CacheExtensionOptions,
  ports: Ports,
): Recorder | undefined {
  if (analytics === undefined || analytics.enabled === false) return undefined;
  const waitUntil =
    executionCtx === undefined
      ? undefined
      : (promise: Promise<unknown>): void => ports.waitUntil(promise);
  return recorderOf({ ...analytics, ports, waitUntil, onError }, executionCtx);
}

type Listener = (event: EngineEvent) => void;

/** Both, in this order: what the second throws takes nothing from the first. */
function together(first: Listener | undefined, second: Listener | undefined): Listener | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (event) => {
    first(event);
    return second(event);
  };
}
