import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

// The same models on another database.
const schema = readFileSync(new URL(import.meta.resolve('level-1-d1/schema.prisma')), 'utf8');
const generated = new URL('generated/', import.meta.url);
mkdirSync(generated, { recursive: true });
writeFileSync(new URL('models.prisma', generated), schema.slice(schema.search(/^model /m)));
