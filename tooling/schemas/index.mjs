import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('./files/', import.meta.url);

/** Real schemas by name (`trigger-dev`), as their projects wrote them. */
export const schemas = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.prisma'))
    .sort()
    .map((file) => [file.replace(/\.prisma$/, ''), readFileSync(new URL(file, folder), 'utf8')]),
);
