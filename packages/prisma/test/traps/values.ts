import { expect, describe, test } from 'vitest';
import { deploy, type Harness } from './harness.js';

/** What arguments and results are taken for. */
export function values(harness: Harness): void {
  const { DbNull, JsonNull, AnyNull } = harness.nulls;

  describe(`${harness.name}: values`, () => {
    test('lossy canonicalisation: arguments that JSON writes alike have answers of their own', async () => {
      const { here, plain, statements } = await deploy(harness);
      await plain.user.update({ where: { id: 1 }, data: { settings: DbNull } });
      await plain.user.update({ where: { id: 2 }, data: { settings: JsonNull } });
      const prisma = here();
      const ids = async (settings: typeof DbNull | typeof JsonNull | typeof AnyNull) => {
        const rows = await prisma.user.findMany({
          where: { settings: { equals: settings } },
          orderBy: { id: 'asc' },
        });
        return rows.map(({ id }) => id);
      };
      const answers = async () => [await ids(DbNull), await ids(JsonNull), await ids(AnyNull)];
      expect(JSON.stringify([DbNull, JsonNull, AnyNull])).toBe('[{},{},{}]');
      expect(await answers()).toEqual([[1], [2], [1, 2]]);
      await prisma.$cleanup();
      statements.sent();
      expect(await answers()).toEqual([[1], [2], [1, 2]]);
      expect(statements.sent()).toBe(0);
    });
  });
}
