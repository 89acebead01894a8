export { BoostError, isBoostError, type BoostErrorCode } from './error.js';
export { parseConfig } from './schema/parse.js';
export * from './plan/index.js';
