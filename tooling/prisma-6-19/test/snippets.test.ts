import { fileURLToPath } from 'node:url';
import { snippets } from '../../../packages/prisma-boost/test/snippets/suite.js';

snippets({
  name: 'Prisma 6.19',
  root: fileURLToPath(new URL('../generated/snippets', import.meta.url)),
  entry: 'wasm.js',
  // As it stands on the page, but for a client of its own.
  schema: (text) =>
    text.replace(/^(\s*previewFeatures .*)$/m, '$1\n  output = "./generated/client"'),
});
