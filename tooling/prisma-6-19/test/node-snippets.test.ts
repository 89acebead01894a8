import { fileURLToPath } from 'node:url';
import { nodeSnippets } from '../../../packages/prisma-boost/test/snippets/node-suite.js';

/** As version 6 writes it. Its engine in Rust, which needs no driver adapter, comes from no registry: the other one is taken. */
function written(text: string, file: string): string {
  if (!file.endsWith('.prisma')) return text.replaceAll('PrismaLibSql', 'PrismaLibSQL');
  return text
    .replace('provider = "prisma-client-js"', '$&\n  engineType = "client"')
    .replace('provider = "sqlite"', '$&\n  url = env("DATABASE_URL")');
}

nodeSnippets({
  name: 'Prisma 6.19',
  root: fileURLToPath(new URL('../generated/node', import.meta.url)),
  written,
});
