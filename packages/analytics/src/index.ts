export {
  MAX_INDEX_BYTES,
  MAX_POINTS,
  checkAnalyticsOptions,
  type AnalyticsDataset,
  type AnalyticsOptions,
  type DataPoint,
} from './dataset.js';
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
export { Recorder, recorderOf, type RecorderOptions } from './recorder.js';
export { costOf } from './store-row.js';
