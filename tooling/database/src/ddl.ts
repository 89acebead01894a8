import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import { modelsOnly } from './schema-text.js';

let loading: Promise<void> | undefined;

/** The package is made for bundlers that import `.wasm`; Node has to be told. */
async function load(): Promise<void> {
  const entry = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(fileURLToPath(entry.replace(/\.js$/, '.wasm')));
  const imports = { './schema_engine_bg.js': engine as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  const glue = engine as unknown as { __wbg_set_wasm: (exports: WebAssembly.Exports) => void };
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/** The script that makes an empty database into that of the schema, in the provider's own SQL. Needs no database. */
export async function ddlFor(schemaText: string): Promise<string> {
  loading ??= load();
  await loading;
  const files = [{ path: 'schema.prisma', content: modelsOnly(schemaText) }];
  // Only `diff` runs, and from nothing: an adapter that is never asked is enough, whatever the provider.
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaLibSql({ url: ':memory:' }));
  const schemaEngine = await engine.SchemaEngine.new(
    { datamodels: files.map(({ path, content }): [string, string] => [path, content]) },
    () => undefined,
    adapter,
  );
  try {
    const { stdout } = await schemaEngine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files, configDir: '.' } as never,
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    if (typeof stdout !== 'string') throw new Error('The schema engine returned no script.');
    return stdout;
  } finally {
    schemaEngine.free();
  }
}
