import { generateForCompatibility } from '../../../packages/prisma/test/support/generate-compatibility.mjs';

await generateForCompatibility(new URL('..', import.meta.url), ['engineType = "client"'], {
  postgresql: true,
});
