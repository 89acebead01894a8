import type { BumpReport } from '../epoch/authority.js';
import { KV_PRICE_USD } from '../policy/prices.js';
import type { EngineCore } from './core.js';
import type { InvalidationResult } from './engine.js';

/** Tells the hooks what a write invalidated. */
export function tellInvalidation(
  core: EngineCore,
  model: string,
  report: BumpReport,
  fallbackReason?: string,
): InvalidationResult {
  const { scopes, puts, incomplete } = report;
  const result: InvalidationResult = {
    deleted: 0,
    incomplete,
    costEstimate: puts * KV_PRICE_USD.write,
    scopes,
    ...(fallbackReason === undefined ? {} : { details: { fallbackReason } }),
  };
  const { onInvalidate } = core.options;
  if (onInvalidate !== undefined) core.guarded(() => onInvalidate(model, result));
  core.emit({ type: 'invalidate', model, scopes, puts, incomplete });
  return result;
}
