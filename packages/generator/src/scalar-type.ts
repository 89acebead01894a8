import type { ScalarType } from '@boost/core';

const SCALARS: readonly string[] = [
  'String',
  'Boolean',
  'Int',
  'BigInt',
  'Float',
  'Decimal',
  'DateTime',
  'Json',
  'Bytes',
];

/** Whether Prisma calls a scalar type this, as opposed to an enum, a model or `Unsupported`. */
export function isScalarType(type: string): type is ScalarType {
  return SCALARS.includes(type);
}
