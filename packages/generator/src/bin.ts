import type { GeneratorOptions } from '@prisma/generator-helper';
import type * as generation from './generate.js';
import { serve } from './protocol.js';

/** Takes as long as starting does, and Prisma waits for the manifest: it is loaded while Prisma makes the client. */
const load = (): Promise<typeof generation> => import('./generate.js');

/** Speaks Prisma's generator protocol on standard input and error, as `provider = "prisma-boost"` asks for. */
export function runGenerator(): void {
  serve({
    getManifest() {
      void load();
      return { prettyName: 'Boost cache config', defaultOutput: './generated' };
    },
    async generate(params) {
      const { generate } = await load();
      await generate(params as GeneratorOptions);
    },
  });
}
