import type { DatabaseKind, FuzzDatabase } from './database/database.ts';
import { providerFor, type Databases } from './database/open.ts';
import { loadSchema, type LoadedSchema } from './schema/load.ts';

/** A schema on a kind of database. */
export interface Arena {
  readonly file: string;
  readonly kind: DatabaseKind;
}

/** Loads schemas and opens databases when they are first needed, and keeps them. */
export class Arenas {
  readonly all: readonly Arena[];
  readonly #databases: Databases;
  readonly #schemas = new Map<string, Promise<LoadedSchema>>();
  readonly #opened = new Map<string, Promise<FuzzDatabase>>();

  constructor(files: readonly string[], kinds: readonly DatabaseKind[], databases: Databases) {
    this.#databases = databases;
    this.all = files.flatMap((file) => kinds.map((kind) => ({ file, kind })));
  }

  schema({ file, kind }: Arena): Promise<LoadedSchema> {
    const provider = providerFor(kind);
    const key = `${provider} ${file}`;
    const schema = this.#schemas.get(key) ?? loadSchema(file, provider);
    this.#schemas.set(key, schema);
    return schema;
  }

  /** A database of its own for each purpose. */
  async database(arena: Arena, purpose: string): Promise<FuzzDatabase> {
    const key = `${purpose} ${arena.kind} ${arena.file}`;
    const schema = await this.schema(arena);
    const database = this.#opened.get(key) ?? this.#databases.open(arena.kind, schema);
    this.#opened.set(key, database);
    return database;
  }

  async close(): Promise<void> {
    for (const database of this.#opened.values()) await (await database).close();
  }
}
