import helper from '@prisma/generator-helper';
import { generate } from './generate.js';

/** Speaks Prisma's generator protocol on standard input and error, as `provider = "prisma-boost"` asks for. */
export function runGenerator(): void {
  helper.generatorHandler({
    onManifest: () => ({ prettyName: 'Boost cache config', defaultOutput: './generated' }),
    onGenerate: generate,
  });
}
