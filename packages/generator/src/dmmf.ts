import type { GeneratorOptions } from '@prisma/generator-helper';

export type Datamodel = GeneratorOptions['dmmf']['datamodel'];
export type DmmfModel = Datamodel['models'][number];
export type DmmfField = DmmfModel['fields'][number];
