import { handOver } from './command.mjs';

handOver(
  'tooling/sim/src/main.ts',
  'This version has no simulator yet: it comes with the coordinator.',
);
