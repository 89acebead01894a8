import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import type { GeneratorOptions } from '@prisma/generator-helper';

/** File and line of an option in the generator's block; the line of the block where the option is not written. */
export function whereIs({ generator, schemaPath }: GeneratorOptions, option: string): string {
  // With a schema in several files, Prisma tells which of them has the block.
  const path = generator.sourceFilePath ?? schemaPath;
  const file = relative(process.cwd(), path) || path;
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return file;
  const lines = readFileSync(path, 'utf8').split('\n');
  const head = new RegExp(`^\\s*generator\\s+${generator.name}\\b`);
  const start = lines.findIndex((line) => head.test(line));
  if (start < 0) return file;
  const length = lines.slice(start).findIndex((line) => /^\s*\}/.test(line));
  const block = lines.slice(start, length < 0 ? undefined : start + length);
  const inside = block.findIndex((line) => new RegExp(`^\\s*${option}\\s*=`).test(line));
  return `${file}:${String(start + 1 + Math.max(inside, 0))}`;
}
