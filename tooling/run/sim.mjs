import { handOver } from './command.mjs';

handOver('tooling/sim/src/main.ts');
