import { STATES, UNOBSERVED, type PrismaClientLike } from './prisma-internals.js';

type DecimalClass = new (text: string) => unknown;

/** What Prisma takes for a Decimal in arguments, and makes a real one of. */
const DECIMAL_LIKE = { s: 1, e: 0, d: [1], toFixed: (): string => '1' };

/** By class of the client: a generated client may bring its own copy of `Prisma.Decimal`. */
const classes = new WeakMap<object, DecimalClass>();

/**
 * Finds the `Prisma.Decimal` of a client without importing the generated module, which may be anywhere: Prisma copies the
 * arguments of a query for each extension and makes a Decimal of whatever looks like one. The query itself is never sent.
 */
export async function findDecimal(client: PrismaClientLike): Promise<DecimalClass | undefined> {
  const original = client._originalClient;
  const known = classes.get(original.constructor);
  if (known !== undefined) return known;
  let found: unknown;
  const probe = original.$extends({
    client: { [STATES]: [UNOBSERVED] },
    query: {
      $allOperations({ args }: { readonly args: readonly unknown[] }): Promise<void> {
        found = args[1]?.constructor;
        return Promise.resolve();
      },
    },
  }) as unknown as { $queryRawUnsafe(text: string, value: unknown): Promise<unknown> };
  await probe.$queryRawUnsafe('', DECIMAL_LIKE);
  if (typeof found !== 'function' || found === Object) return undefined;
  classes.set(original.constructor, found as DecimalClass);
  return found as DecimalClass;
}
