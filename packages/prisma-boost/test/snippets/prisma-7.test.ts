import { fileURLToPath } from 'node:url';
import { snippets } from './suite.js';

snippets({
  name: 'Prisma 7',
  root: fileURLToPath(new URL('../generated', import.meta.url)),
  entry: 'edge.js',
  schema: (text) =>
    text
      .replace(/^\s*url .*\n/m, '')
      .replace(/^\s*previewFeatures .*$/m, '  output = "./generated/client"'),
});
