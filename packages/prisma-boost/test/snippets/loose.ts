/** What snippets take for granted that stand for themselves: an application around them. */
export const SURROUNDINGS = {
  schema: `generator client {
  provider = "prisma-client-js"
  output   = "./generated/client"
}

datasource db {
  provider = "sqlite"
}

model Post {
  id        Int       @id @default(autoincrement())
  slug      String    @default("")
  title     String
  content   String    @default("")
  published Boolean   @default(false)
  author    User?     @relation(fields: [authorId], references: [id])
  authorId  Int?
  comments  Comment[]
}

model Comment {
  id      Int    @id @default(autoincrement())
  content String
  post    Post   @relation(fields: [postId], references: [id])
  postId  Int
}

model User {
  id    Int    @id @default(autoincrement())
  name  String
  posts Post[]
}
`,
  declarations: `declare global {
  const env: {
    readonly DB: D1Database;
    readonly CACHE: KVNamespace;
    readonly CACHE_ANALYTICS: AnalyticsEngineDataset;
    readonly CACHE_INVALIDATION_EVENTS: AnalyticsEngineDataset;
    readonly EPOCH_COORDINATOR: DurableObjectNamespace;
    readonly ENVIRONMENT: string;
    readonly CACHE_ENABLED: string;
    readonly STATE: KVNamespace;
  };
  const ctx: ExecutionContext;
  const request: Request;
  /** Prisma's driver adapter. */
  const adapter: import('@prisma/adapter-d1').PrismaD1;
  const PrismaD1: typeof import('@prisma/adapter-d1').PrismaD1;
  const PrismaClient: typeof import('@prisma/client').PrismaClient;
  const createCacheExtension: typeof import('prisma-boost').createCacheExtension;
  const createKVAdapter: typeof import('prisma-boost/adapters').createKVAdapter;
  const cacheConfig: typeof import('../prisma/generated/cacheConfig');
  const options: import('prisma-boost').CacheExtensionOptions;
  const prisma: import('./client').Client;
  /** What Analytics Engine was written. */
  const point: import('prisma-boost/analytics').DataPoint;
  /** A store of one's own. */
  const client: { ttl(key: string): Promise<number> };
  const createMyAdapter: (options: object) => import('prisma-boost/adapters').CacheAdapter;
}

export {};
`,
  client: `import { PrismaClient } from '@prisma/client';
import { createCacheExtension, type CacheExtensionOptions } from 'prisma-boost';

function connect(base: PrismaClient, options: CacheExtensionOptions) {
  return base.$extends(createCacheExtension(options));
}

export type Client = ReturnType<typeof connect>;
`,
} as const;

const IMPORTS = /^import .*?;$\n*/gms;

/** A snippet as a module: what it imports and exports is at the top already, the rest goes into a function. */
export function inModule(text: string): string {
  if (/^export /m.test(text)) return text;
  const imports = text.match(IMPORTS) ?? [];
  const body = text.replace(IMPORTS, '');
  return `${imports.join('')}\nexport async function example() {\n${body}}\n`;
}
