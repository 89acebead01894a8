import { handOver } from './command.mjs';

handOver('apps/level-1-d1/demo/main.ts');
