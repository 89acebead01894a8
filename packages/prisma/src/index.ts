export { createCacheExtension } from './extension.js';
export {
  TICKET_HEADER,
  readTicket,
  setTicketCookie,
  type TicketCookieOptions,
} from './ticket-transport.js';
export type {
  CacheExtensionOptions,
  ExecutionContextLike,
  FieldTrackingOptions,
  InnerExtensions,
  ModelOptions,
  PrivateContext,
  ReadDescription,
  SessionOptions,
} from './options.js';
export type {
  AffectedRow,
  InvalidationFallback,
  InvalidationPolicy,
  InvalidationResult,
  InvalidationStrategy,
} from '@boost/core';
export type { AccelerateMethods, AccelerateResult } from './accelerate.js';
export { createD1Session, type D1Like } from './d1-session.js';
export type { AccelerateInfo, CacheInfo, InfoPromise } from './cache-info.js';
export type { ClientSession } from './client-methods.js';
export type { ExplainedScope, Explanation } from './explanation.js';
export type {
  CacheExtension,
  CacheMethods,
  CachedReads,
  CacheStrategyArgs,
  CacheStrategyInput,
} from './types.js';
