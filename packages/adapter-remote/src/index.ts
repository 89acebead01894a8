export { createRemoteCloudflareAdapter } from './remote-adapter.js';
export type { RemoteCloudflareAdapterOptions } from './options.js';
export type * from './adapter-types.js';
