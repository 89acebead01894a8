import { fileURLToPath } from 'node:url';
import { nodeSnippets } from './node-suite.js';

nodeSnippets({
  name: 'Prisma 7',
  root: fileURLToPath(new URL('../generated/node', import.meta.url)),
  written: (text) => text,
});
