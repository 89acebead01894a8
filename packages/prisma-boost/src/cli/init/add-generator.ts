import { boostGenerators } from '../project/prisma-schema.js';
import type { Project } from '../project/project.js';
import type { Step } from './plan.js';

const NAMES = ['cache', 'boost', 'boostCache'];

/** The generator block, after those that are there. */
export function addGenerator({ schema }: Project): Step {
  if (schema === undefined) {
    return {
      byHand: `No Prisma schema was found: give it with --schema. It needs\n\n${blockOf('cache')}`,
    };
  }
  if (boostGenerators(schema).length > 0) return {};
  const taken = schema.generators.map(({ name }) => name);
  const block = blockOf(NAMES.find((name) => !taken.includes(name)) ?? 'prismaBoost');
  const file =
    schema.files.find(({ blocks }) => blocks.some(isGenerator)) ??
    schema.files.find(({ blocks }) => blocks.some(({ keyword }) => keyword === 'datasource')) ??
    schema.files[0];
  if (file === undefined) return { byHand: `The Prisma schema needs\n\n${block}` };
  const { path, text, blocks } = file;
  const last = blocks.findLast(isGenerator);
  const after =
    last === undefined
      ? `${block}\n\n${text}`
      : `${text.slice(0, last.end)}\n\n${block}${text.slice(last.end)}`;
  return { addition: { path, before: text, after } };
}

function isGenerator({ keyword }: { readonly keyword: string }): boolean {
  return keyword === 'generator';
}

function blockOf(name: string): string {
  return [
    `generator ${name} {`,
    '  provider = "prisma-boost"',
    '  output   = "./generated"',
    '}',
  ].join('\n');
}
