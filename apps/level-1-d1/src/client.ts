import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaClient } from '../prisma/generated/client/client';

export interface Env {
  DB: D1Database;
  CACHE: KVNamespace;
}

/** The client of one request. */
export function connect(env: Env) {
  const adapter = new PrismaD1(env.DB);
  return new PrismaClient({ adapter });
}

export type Client = ReturnType<typeof connect>;
