import { Decimal } from '@prisma/client/runtime/client';
import type { Operation } from '../generate/context.ts';
import { isTotalOrder } from '../generate/order.ts';
import type { FieldInfo, ModelInfo, SchemaInfo } from '../schema/metadata.ts';
import { modelOf } from '../schema/metadata.ts';

type Args = Readonly<Record<string, unknown>>;

/**
 * A text that is the same exactly where two results are: with types, whatever the order of properties, and for lists whose
 * order the operation leaves open, whatever their order.
 *
 * @param mask - fields to leave out: values that two runs do not share (random keys, the time)
 */
export function canonicalResult(
  schema: SchemaInfo,
  operation: Operation,
  result: unknown,
  mask?: (field: FieldInfo, value: unknown) => boolean,
): string {
  const { action, args } = operation;
  const model = modelOf(schema, operation.model);
  if (action === 'groupBy' && Array.isArray(result)) {
    return listText(result.map(plainText), args['orderBy'] !== undefined);
  }
  if (action === 'count' || action === 'aggregate') return plainText(result);
  const text = new ResultText(schema, mask);
  return text.value(model, args, result);
}

class ResultText {
  readonly #schema: SchemaInfo;
  readonly #mask: ((field: FieldInfo, value: unknown) => boolean) | undefined;

  constructor(
    schema: SchemaInfo,
    mask: ((field: FieldInfo, value: unknown) => boolean) | undefined,
  ) {
    this.#schema = schema;
    this.#mask = mask;
  }

  value(model: ModelInfo, args: Args, value: unknown): string {
    if (Array.isArray(value)) {
      return listText(
        value.map((row) => this.value(model, args, row)),
        isOrdered(model, args),
      );
    }
    if (!isPlain(value)) return plainText(value);
    const shape = (args['select'] ?? args['include'] ?? {}) as Args;
    const parts: string[] = [];
    for (const name of Object.keys(value).sort()) {
      const relation = model.relations.find((candidate) => candidate.name === name);
      if (relation !== undefined) {
        const nested = shape[name];
        const text = this.value(
          modelOf(this.#schema, relation.target),
          isPlain(nested) ? nested : {},
          value[name],
        );
        parts.push(`${name}:${text}`);
        continue;
      }
      const field = model.fields.find((candidate) => candidate.name === name);
      if (field !== undefined && this.#mask?.(field, value[name])) continue;
      parts.push(`${name}:${plainText(value[name])}`);
    }
    return `{${parts.join()}}`;
  }
}

function listText(texts: readonly string[], ordered: boolean): string {
  return `[${(ordered ? texts : [...texts].sort()).join()}]`;
}

/** Whether the arguments of a list say in which order it comes. */
export function isOrdered(model: ModelInfo, args: Args): boolean {
  const { orderBy } = args;
  if (orderBy !== undefined) return isTotalOrder(model, orderBy);
  if (args['distinct'] !== undefined) return false;
  // Prisma orders what it cuts by the identifier; a `skip` of nothing cuts nothing.
  const { take, skip = 0, cursor } = args;
  return take !== undefined || cursor !== undefined || skip !== 0;
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** As JSON, with the types that JSON does not have. */
export function plainText(value: unknown): string {
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value !== 'object' || value === null) {
    return Object.is(value, -0) ? '0' : (JSON.stringify(value) ?? 'undefined');
  }
  if (value instanceof Date) return `Date(${String(value.getTime())})`;
  if (Decimal.isDecimal(value)) return `Decimal(${String(value)})`;
  if (value instanceof Uint8Array) return `Bytes(${Buffer.from(value).toString('hex')})`;
  if (Array.isArray(value)) return `[${value.map(plainText).join()}]`;
  if (!isPlain(value)) return specialText(value);
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${plainText(value[name])}`)
    .join()}}`;
}

/** Field references and Prisma's nulls. */
function specialText(value: object): string {
  if ('modelName' in value && 'name' in value) {
    return `Field(${String(value.modelName)}.${String(value.name)})`;
  }
  return value.constructor.name;
}

/** A copy of a result: its lists and objects, with the same values in them. */
export function copyResult<Result>(result: Result): Result {
  if (Array.isArray(result)) return result.map(copyResult) as Result;
  if (!isPlain(result)) return result;
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [name, copyResult(value)]),
  ) as Result;
}
