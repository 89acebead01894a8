export { recommendedShards } from '@boost/core';
export { modelPair, placementHints, type ModelPair } from './affinity.js';
export {
  MAX_INDEX_BYTES,
  MAX_POINTS,
  checkAnalyticsOptions,
  type AnalyticsDataset,
  type AnalyticsOptions,
  type DataPoint,
} from './dataset.js';
export {
  MonthlyBudget,
  budgetOf,
  checkBudgetOptions,
  type BudgetLevel,
  type BudgetOptions,
  type BudgetSurroundings,
} from './budget.js';
export {
  CAP_STEPS,
  MIN_DAYS,
  MIN_SAMPLES,
  daySample,
  deriveCaps,
  type DaySample,
  type DerivedCaps,
} from './caps.js';
export {
  ALL,
  INVALIDATION,
  INVALIDATION_BLOBS,
  PAIR_KIND,
  READS,
  READS_BLOBS,
  READS_KIND,
  STORE,
  STORE_KIND,
  WRITE_KIND,
} from './layout.js';
export { targetsOf } from './invalidation-rows.js';
export { Recorder, recorderOf, type RecorderOptions } from './recorder.js';
export { costOf } from './store-row.js';
export { affinity, budgetExceeded, capSamples, invalidationCosts } from './sql/invalidations.js';
export {
  hitRates,
  hotTenants,
  modelHitRates,
  needlessInvalidations,
  slowestMisses,
  spentThisMonth,
  storeCostByDay,
  tenantPeaks,
  type PeakOptions,
} from './sql/performance.js';
export { INVALIDATIONS_DATASET, PERFORMANCE_DATASET, type QueryOptions } from './sql/query.js';
export {
  createSqlApi,
  numberIn,
  textIn,
  type SqlApi,
  type SqlApiOptions,
  type SqlRow,
} from './sql/sql-api.js';
export { detectHotTenants, recommendShardCount, tenantPeak, type TenantPeak } from './tenants.js';
