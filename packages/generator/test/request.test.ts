import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../src/request.js';
import { createProject } from './prisma.js';

const text = await readFile(new URL('./schemas/features.prisma', import.meta.url), 'utf8');
const features = text
  .replace(/generator client \{[^}]*\}/, '')
  // Both would end the cut at the wrong place, were they no strings.
  .replace('@default(now())', '@default(now()) /// ,"schema":{ and ,"mappings":{');

/** A generator that keeps the request to generate as Prisma sent it. */
const KEEPER = `
import { writeFileSync } from 'node:fs';
let text = '';
process.stdin.setEncoding('utf8').on('data', (part) => {
  text += part;
  if (!text.endsWith('\\n')) return;
  const { id, method } = JSON.parse(text);
  if (method === 'generate') writeFileSync(new URL('request.json', import.meta.url), text);
  text = '';
  const result = method === 'generate' ? null : { manifest: { defaultOutput: '.' } };
  process.stderr.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
});
`;

interface Whole {
  readonly params: { readonly dmmf: Readonly<Record<string, unknown>> };
}

describe.each([6, 7] as const)('the request that Prisma %i sends', (version) => {
  it('is read without the query schema, and nothing else is missing', async () => {
    const project = await createProject(version);
    await writeFile(join(project.folder, 'generator.mjs'), KEEPER);
    await project.write(features, ['previewFeatures = ["views"]']);
    await project.generate();
    const line = await readFile(join(project.folder, 'request.json'));
    const whole = JSON.parse(line.toString()) as Whole;
    const { schema, ...dmmf } = whole.params.dmmf;
    expect(schema).toBeTypeOf('object');
    expect(parseRequest(line)).toStrictEqual({ ...whole, params: { ...whole.params, dmmf } });
  });
});

describe('a request of another shape', () => {
  const datamodel = { models: [] };
  const mappings = { modelOperations: [] };
  const schema = { inputObjectTypes: {} };
  const generator = { config: {} };

  it.each<[string, object]>([
    ['has no query schema', { dmmf: { datamodel, mappings } }],
    ['has it elsewhere', { generator, schema, dmmf: { datamodel, mappings } }],
    ['has it last', { dmmf: { datamodel, mappings, schema } }],
    ['has more behind it', { dmmf: { datamodel, schema, more: 1, mappings } }],
    [
      'has another one before',
      { dmmf: { datamodel: { models: [{ a: 1, schema }] }, schema, mappings } },
    ],
    [
      'has other mappings behind',
      { dmmf: { datamodel, schema, mappings }, more: { a: {}, mappings } },
    ],
    ['has no parameters', {}],
  ])('is read in whole when it %s', (_, params) => {
    const request = { jsonrpc: '2.0', method: 'generate', params, id: 2 };
    expect(parseRequest(Buffer.from(JSON.stringify(request)))).toStrictEqual(request);
  });

  it('is refused when it is no JSON', () => {
    expect(() => parseRequest(Buffer.from('{"jsonrpc'))).toThrow(SyntaxError);
  });
});
