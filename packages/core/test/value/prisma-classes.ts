import * as prisma7 from '@prisma/client/runtime/client';
import * as prisma6 from 'prisma-client-6/runtime/client.js';

/** The real value classes of one version of Prisma. */
export interface PrismaClasses {
  readonly version: string;
  readonly Decimal: DecimalConstructor;
  readonly DbNull: unknown;
  readonly JsonNull: unknown;
  readonly AnyNull: unknown;
  readonly skip: unknown;
  /** What `new Prisma.NullTypes.DbNull()` makes: Prisma refuses it. */
  readonly otherDbNull: unknown;
  /** `prisma.post.fields.likes` */
  readonly fieldRef: unknown;
  /** A Decimal as a result has it. */
  readonly resultDecimal: (text: string) => unknown;
  /** The arguments as a query callback of an extension gets them. */
  readonly argumentsInExtension: (args: unknown) => Promise<unknown>;
}

export type DecimalConstructor = new (value: string | number) => { valueOf(): string };

interface Client {
  readonly post: {
    readonly fields: Readonly<Record<string, unknown>>;
    findMany(args: unknown): Promise<unknown>;
  };
  readonly _requestHandler: { unpack(data: unknown, path: readonly string[]): unknown };
  $extends(extension: unknown): Client;
}

type ClientConstructor = new (options: unknown) => Client;

/** What a generated client passes to the runtime, for one model and no database. */
const config = {
  generator: { previewFeatures: [], config: { engineType: 'client' } },
  previewFeatures: [],
  relativePath: '',
  dirname: '',
  clientVersion: '0.0.0',
  engineVersion: '0',
  activeProvider: 'sqlite',
  inlineSchema: '',
  datasourceNames: ['db'],
  inlineDatasources: { db: { url: { value: 'file:none' } } },
  compilerWasm: {},
  parameterizationSchema: { strings: '[]', graph: 'A'.repeat(40) },
  runtimeDataModel: {
    enums: {},
    types: {},
    models: {
      Post: {
        dbName: null,
        fields: [{ name: 'likes', kind: 'scalar', type: 'Int', isList: false }],
      },
    },
  },
};

function classesOf(
  version: string,
  runtime: { readonly getPrismaClient: unknown; readonly Decimal: unknown; readonly skip: unknown },
  nulls: Readonly<Record<'DbNull' | 'JsonNull' | 'AnyNull', object>>,
): PrismaClasses {
  const getPrismaClient = runtime.getPrismaClient as (given: unknown) => ClientConstructor;
  const PrismaClient = getPrismaClient(config);
  const client = new PrismaClient({ adapter: { provider: 'sqlite', adapterName: 'none' } });
  const { DbNull, JsonNull, AnyNull } = nulls;
  return {
    version,
    Decimal: runtime.Decimal as DecimalConstructor,
    DbNull,
    JsonNull,
    AnyNull,
    skip: runtime.skip,
    otherDbNull: new (DbNull.constructor as new () => unknown)(),
    fieldRef: client.post.fields['likes'],
    resultDecimal: (value) =>
      client._requestHandler.unpack({ findFirst: { $type: 'Decimal', value } }, []),
    async argumentsInExtension(args) {
      let seen: unknown;
      const extended = client.$extends({
        query: {
          $allOperations(call: { readonly args: unknown }) {
            seen = call.args;
            return Promise.resolve(null);
          },
        },
      });
      await extended.post.findMany(args);
      return seen;
    },
  };
}

/** Of every supported major version. */
export const PRISMA_CLASSES: readonly PrismaClasses[] = [
  classesOf('6', prisma6, prisma6.objectEnumValues.instances),
  classesOf('7', prisma7, prisma7),
];
