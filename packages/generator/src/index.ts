export { runGenerator } from './bin.js';
export { buildConfig, generate } from './generate.js';
export { readOptions, type Format, type GeneratorConfig } from './options.js';
export { readSchemaBlocks, type SchemaBlock } from './schema-blocks.js';
