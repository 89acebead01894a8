import { readFile } from 'node:fs/promises';

/** The schema in one text, for what makes a database of it. */
export async function readSchema(): Promise<string> {
  const files = ['schema.prisma', 'generated/models.prisma'];
  const texts = await Promise.all(
    files.map((file) => readFile(new URL(`../prisma/${file}`, import.meta.url), 'utf8')),
  );
  return texts.join('\n');
}
