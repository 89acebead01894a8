export { BoostError, isBoostError, type BoostErrorCode } from './error.js';
export { CONFIG_FORMAT, type CacheConfig, type ModelCaps } from './schema/config.js';
export {
  formatModelText,
  parseModelText,
  type ModelText,
  type RelationText,
} from './schema/model-text.js';
export { isPartitionable, partitionValue } from './schema/partitionable.js';
export { parseConfig } from './schema/parse.js';
export type * from './schema/schema.js';
export type * from './plan/plan.js';
export type { Granularity, Scope } from './scope/scope.js';
export type { FieldTracking } from './scope/model-scopes.js';
export * from './plan/index.js';
export type { Clock, Ports, Random, Timers } from './ports.js';
export type * from './adapter/adapter.js';
export {
  assertEntry,
  assertKey,
  assertListLimit,
  assertNotAborted,
  exceedsUtf8,
  utf8Length,
} from './adapter/limits.js';
export type { FaultPolicy, LoadFaultPolicy } from './adapter/fault-policy.js';
export {
  createMemoryAdapter,
  type MemoryAdapterOptions,
  type MemoryEntries,
  type MemoryEntry,
} from './adapter/memory-adapter.js';
export { createTwoTierAdapter, type TwoTierAdapterOptions } from './adapter/two-tier-adapter.js';
export type * from './epoch/authority.js';
export { createMemoryAuthority, type MemoryAuthorityOptions } from './epoch/memory-authority.js';
export { EpochLog, type EpochLogOptions } from './epoch/log/epoch-log.js';
export { LogCopy } from './epoch/log/log-copy.js';
export { RelayCopy } from './epoch/log/relay-copy.js';
export { hasReached } from './epoch/log/log-format.js';
export type * from './epoch/log/log-format.js';
export { TICKET_SEPARATOR, ticketsIn } from './epoch/ticket.js';
export { scopeHash, type ScopeHash, type ScopeHashes } from './epoch/log/scope-hash.js';
export { DOWN, UP, coarse, exactRouting, modelOf, type IsShared } from './epoch/space.js';
export { isRequired } from './epoch/stamp.js';
export { isolateState, type StateKind } from './isolate-state.js';
export { settledWithin, withDeadline } from './adapter/deadline.js';
export { randomFraction, randomText, sleep } from './ports.js';
export { Recent } from './recent.js';
export { kvAuthority, type KVAuthorityOptions } from './epoch/kv-authority.js';
export { createEngine } from './engine/create-engine.js';
export type * from './engine/engine.js';
export type { AffectedRow } from './engine/affected.js';
export type * from './engine/events.js';
export type { EngineOptions, FailureKind } from './engine/options.js';
export { sharedModels } from './engine/shared-models.js';
export { checkTags } from './engine/strategy.js';
export {
  resolveInvalidationPolicy,
  type InvalidationFallback,
  type InvalidationPolicy,
  type InvalidationStrategy,
} from './policy/invalidation-policy.js';
export { recommendedShards, REQUESTS_PER_OBJECT } from './policy/objects.js';
export { optionError } from './policy/option-error.js';
export { KV_PRICE_USD } from './policy/prices.js';
export { TIER_LIMITS, type AccountTier, type TierLimits } from './policy/tier.js';
export { Store, type StoreEvent } from './adapter/store.js';
export {
  isPlainObject,
  valueKind,
  type DecimalLike,
  type FieldReference,
  type ValueKind,
} from './value/value-kind.js';
export { canonicalText } from './key/canonical.js';
export {
  createKeySpace,
  entryPrefix,
  makeKey,
  type EntryKey,
  type KeyParts,
  type KeySpace,
  type KeySpaceParts,
} from './key/key.js';
export { assertTenant, assertUser, encodeTenant } from './key/tenant.js';
export { encodeResult, type EncodedResult } from './codec/encoded-result.js';
export {
  decodeEntry,
  sealEntry,
  type Entry,
  type EntryHead,
  type EntryOwner,
  type NoEntry,
} from './codec/entry.js';
export { OpenedEntries } from './codec/opened-entries.js';
export type { MakeDecimal } from './codec/revive.js';
export type { Shape, Tag } from './codec/shape.js';
