import { OracleStrategy } from './oracle.ts';
import { PlannedStrategy } from './planned.ts';
import { RedisStrategy } from './redis.ts';
import type { Strategy, World } from './strategy.ts';
import { TtlStrategy } from './ttl.ts';

/** Workers KV reads an epoch key per scope of an entry: ten at most. */
export const KV_SCOPES = 10;
/** What the memory authority has room for, and the coordinator. */
const MEMORY_SCOPES = 1000;

export type StrategyName = 'field' | 'row' | 'model' | 'ttl' | 'oracle' | 'redis';

export const STRATEGIES: Readonly<Record<StrategyName, (world: World) => Strategy>> = {
  field: (world) => new PlannedStrategy(world, { granularity: 'field', maxScopes: MEMORY_SCOPES }),
  row: (world) => new PlannedStrategy(world, { granularity: 'row', maxScopes: KV_SCOPES }),
  model: (world) => new PlannedStrategy(world, { granularity: 'model', maxScopes: KV_SCOPES }),
  ttl: (world) => new TtlStrategy(world),
  oracle: (world) => new OracleStrategy(world),
  redis: (world) => new RedisStrategy(world),
};
