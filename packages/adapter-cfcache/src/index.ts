export { createCFCacheAdapter, type CFCacheAdapterOptions } from './cf-cache-adapter.js';
