import { recorderOf, type Recorder } from '@boost/analytics';
import type { EngineEvent, Ports } from '@boost/core';
import type { CacheExtensionOptions } from './options.js';

/** Who is told of what happens in a client's engine. */
export interface Telemetry {
  /** Undefined where nobody wants to know: the engine then makes no events. */
  readonly onEvent: ((event: EngineEvent) => void) | undefined;
  /** Writes what has been counted. */
  flush(): Promise<void>;
}

export function createTelemetry(given: CacheExtensionOptions, ports: Ports): Telemetry {
  const recorder = createRecorder(given, ports);
  return {
    onEvent: together(given.onEvent, recorder && ((event) => recorder.record(event))),
    flush: async () => recorder?.flush(),
  };
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

/** The application's own listener last: what it throws is told to `onError`, and takes nothing from the other. */
function together(own: Listener | undefined, ours: Listener | undefined): Listener | undefined {
  if (own === undefined || ours === undefined) return ours ?? own;
  return (event) => {
    ours(event);
    return own(event);
  };
}
