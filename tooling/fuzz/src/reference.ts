import { isPlain } from './oracle/canonical.ts';
import type { Delegate, PrismaClient } from './schema/client.ts';
import { modelOf, type SchemaInfo } from './schema/metadata.ts';

/** Stands for `prisma.post.fields.likes` where there is no client at hand. */
export class Reference {
  readonly modelName: string;
  readonly name: string;

  constructor(modelName: string, name: string) {
    this.modelName = modelName;
    this.name = name;
  }
}

/**
 * For pasted cases: `reference('Post', 'likes')`.
 *
 * @public
 */
export function reference(model: string, field: string): Reference {
  return new Reference(model, field);
}

/** The same arguments with the client's own field references. */
export function resolveReferences<Value>(
  schema: SchemaInfo,
  client: PrismaClient,
  value: Value,
): Value {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => resolveReferences(schema, client, item)) as Value;
  }
  if (value instanceof Reference) {
    const delegate = client[modelOf(schema, value.modelName).delegate] as Delegate;
    return delegate.fields[value.name] as Value;
  }
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, resolveReferences(schema, client, inner)]),
  ) as Value;
}
