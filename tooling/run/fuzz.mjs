import { handOver } from './command.mjs';

handOver('tooling/fuzz/src/cli.ts');
