export { testAdapter } from './test-adapter.js';
export type { MakeAdapter, TestCapabilities, Expiry } from './capabilities.js';
export { createChance, type Chance } from './faults/chance.js';
export { withDelays, type DelayOptions } from './faults/delays.js';
export {
  withErrors,
  withRateLimits,
  type FailureOptions,
  type RateLimitOptions,
} from './faults/failures.js';
export {
  withLag,
  withNegativeCaching,
  type LagOptions,
  type NegativeCachingOptions,
} from './faults/lag.js';
export { withLostPuts, withTornValues, type DamageOptions } from './faults/damage.js';
export type { FaultyOperation } from './faults/faulty-operation.js';
