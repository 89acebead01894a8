/** The production code that runs are of. Bundled from its sources, so that it can be had with changes. */
export { createEngine, kvAuthority, parseConfig } from '@boost/core';
export { createKVAdapter } from '@boost/adapter-kv';
export { coordinatorAuthority } from '@boost/coordinator';
export { EpochCoordinator } from '@boost/coordinator/durable-object';
export { restartUUIDs } from './platform.ts';
