export { BoostError, isBoostError, type BoostErrorCode } from './error.js';
export { parseConfig } from './schema/parse.js';
export * from './plan/index.js';
export type { Clock, Ports, Random, Timers } from './ports.js';
export type * from './adapter/adapter.js';
export { assertEntry, assertKey, exceedsUtf8, utf8Length } from './adapter/limits.js';
export { createMemoryAdapter, type MemoryAdapterOptions } from './adapter/memory-adapter.js';
export type * from './epoch/authority.js';
export { createMemoryAuthority, type MemoryAuthorityOptions } from './epoch/memory-authority.js';
export type * from './engine/engine.js';
export {
  isPlainObject,
  valueKind,
  type DecimalLike,
  type FieldReference,
  type ValueKind,
} from './value/value-kind.js';
export { canonicalText } from './key/canonical.js';
