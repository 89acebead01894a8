import { CLIENT_MUTANTS } from './coordinator-client.ts';
import { LOG_MUTANTS } from './coordinator-log.ts';
import { ENGINE_MUTANTS } from './engine.ts';
import { GROUP_MUTANTS } from './groups.ts';
import { KV_MUTANTS } from './kv.ts';
import type { Mutant } from './mutant.ts';
import { RELAY_MUTANTS } from './relay.ts';

export const MUTANTS: readonly Mutant[] = [
  ...KV_MUTANTS,
  ...LOG_MUTANTS,
  ...CLIENT_MUTANTS,
  ...RELAY_MUTANTS,
  ...GROUP_MUTANTS,
  ...ENGINE_MUTANTS,
];
