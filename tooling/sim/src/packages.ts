/** The production code that runs are of. Bundled from its sources, so that it can be had with changes. */
export { createEngine, createTwoTierAdapter, kvAuthority, parseConfig } from '@boost/core';
export { createCFCacheAdapter } from '@boost/adapter-cfcache';
export { createKVAdapter } from '@boost/adapter-kv';
export { coordinatorAuthority } from '@boost/coordinator';
export { EpochCoordinator } from '@boost/coordinator/durable-object';
export { install, Response } from './platform.ts';
