import type { CacheExtensionOptions } from '../../src/index.js';
import type { PrismaClient } from '../generated/sqlite/client/client.js';

export const DATABASES = ['D1', 'libSQL', 'PostgreSQL'] as const;
export type Database = (typeof DATABASES)[number];

export const GENERATORS = ['prisma-client-js', 'prisma-client'] as const;
export type Generator = (typeof GENERATORS)[number];

/** What one of Prisma's generators has made of the schema for one provider. */
export interface GeneratedClient {
  readonly config: CacheExtensionOptions['config'];
  /** `Prisma.Decimal` of the generated module. */
  readonly Decimal: unknown;
  /** Typed as that of Prisma 7 on SQLite, whose operations are the same. */
  create(options: { readonly adapter: unknown }): PrismaClient;
}

/** A version of Prisma, with everything that a cell of the table needs of it. */
export interface PrismaVersion {
  /** As in `6.19`. */
  readonly name: string;
  readonly clients: Readonly<Record<Generator, Readonly<Record<Provider, GeneratedClient>>>>;
  /** This version's driver adapters. @param connection - the binding of D1, else a URL */
  readonly drivers: Readonly<Record<Database, (connection: never) => unknown>>;
}

type Provider = 'sqlite' | 'postgresql';

/** As the generated modules of both generators export it. */
export interface GeneratedModule {
  readonly Prisma: {
    readonly Decimal: unknown;
    readonly prismaVersion: { readonly client: string };
  };
  readonly PrismaClient: unknown;
}

export function generatedClient(
  { Prisma, PrismaClient: Client }: GeneratedModule,
  config: GeneratedClient['config'],
): GeneratedClient {
  const Constructor = Client as new (options: object) => PrismaClient;
  return { config, Decimal: Prisma.Decimal, create: (options) => new Constructor(options) };
}

/** `6.19` of `6.19.3`. */
export function versionOf({ Prisma }: GeneratedModule): string {
  return Prisma.prismaVersion.client.split('.').slice(0, 2).join('.');
}

export function providerOf(database: Database): Provider {
  return database === 'PostgreSQL' ? 'postgresql' : 'sqlite';
}
