import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import generatorHelper from '@prisma/generator-helper';

/** Writes what Prisma knows of a schema as JSON: the datamodel, and with `inputs = "true"` the types of all arguments. */
generatorHelper.generatorHandler({
  onManifest: () => ({ prettyName: 'DMMF', defaultOutput: 'dmmf.json' }),
  async onGenerate({ dmmf, generator }) {
    const { datamodel, schema } = dmmf;
    const file = generator.output.value;
    const withInputs = generator.config.inputs === 'true';
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(withInputs ? { datamodel, schema } : { datamodel }));
  },
});
