import { handOver } from './command.mjs';

handOver('tooling/bench/src/main.ts');
