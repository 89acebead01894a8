import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBoostError } from '../../src/error.js';
import {
  formatModelText,
  parseModelText,
  type ModelText,
  type RelationText,
} from '../../src/schema/model-text.js';
import { parseConfig } from '../../src/schema/parse.js';
import type { ReferentialAction, ScalarField } from '../../src/schema/schema.js';

const word = fc.stringMatching(/^[A-Za-z]\w{0,8}$/);
const anyText = fc.string({ minLength: 1, unit: 'grapheme' });
const action = fc.constantFrom<ReferentialAction>(
  'Cascade',
  'Restrict',
  'NoAction',
  'SetNull',
  'SetDefault',
);

const field: fc.Arbitrary<ScalarField> = fc
  .record({
    name: word,
    dbName: anyText,
    type: fc.constantFrom<ScalarField['type'][]>(
      'String',
      'Boolean',
      'Int',
      'BigInt',
      'Float',
      'Decimal',
      'DateTime',
      'Json',
      'Bytes',
      'Enum',
      'Unsupported',
    ),
    enumName: word,
    list: fc.boolean(),
    nullable: fc.boolean(),
    updatedAt: fc.boolean(),
    selectable: fc.boolean(),
    default: fc.oneof(
      fc.constantFrom<ScalarField['default'][]>({ kind: 'none' }, { kind: 'generated' }),
      fc
        .jsonValue()
        .map(
          (value) =>
            ({ kind: 'static', value: JSON.parse(JSON.stringify(value)) as unknown }) as const,
        ),
    ),
    nativeType: fc.option(fc.stringMatching(/^[A-Z]\w{0,6}(\(\d,?\d?\))?$/), { nil: undefined }),
  })
  .map(({ enumName, nativeType, ...rest }) => ({
    kind: 'scalar',
    ...rest,
    ...(rest.type === 'Enum' ? { enumName } : {}),
    ...(nativeType === undefined ? {} : { nativeType }),
  }));

const relation: fc.Arbitrary<RelationText> = fc.oneof(
  fc.record({
    side: fc.constant('key' as const),
    name: word,
    relationName: fc.oneof(fc.constant(''), anyText),
    target: word,
    inverse: fc.oneof(fc.constant(''), word),
    nullable: fc.boolean(),
    fields: fc.array(word, { minLength: 2, maxLength: 2 }),
    references: fc.array(word, { minLength: 2, maxLength: 2 }),
    onDelete: action,
    onUpdate: action,
  }),
  fc.record({
    side: fc.constant('inverse' as const),
    name: word,
    target: word,
    inverse: word,
    list: fc.boolean(),
  }),
  fc.record({
    side: fc.constant('join' as const),
    name: word,
    target: word,
    inverse: word,
    table: anyText,
    own: fc.constantFrom('A' as const, 'B' as const),
  }),
);

const key = fc.array(word, { minLength: 1, maxLength: 3 });

const model: fc.Arbitrary<ModelText> = fc
  .record({
    kind: fc.constantFrom('model' as const, 'view' as const, 'join' as const),
    dbName: fc.option(anyText, { nil: undefined }),
    dbSchema: fc.option(anyText, { nil: undefined }),
    fields: fc.array(field, { maxLength: 5 }),
    uniques: fc.uniqueArray(fc.record({ name: word, fields: key }), {
      selector: ({ name }) => name,
      maxLength: 3,
    }),
    relations: fc.array(relation, { maxLength: 4 }),
    track: fc.array(key, { maxLength: 2 }),
    untrack: fc.array(key, { maxLength: 2 }),
  })
  .map(({ dbName, dbSchema, ...rest }) => ({
    ...rest,
    ...(dbName === undefined ? {} : { dbName }),
    ...(dbSchema === undefined ? {} : { dbSchema }),
    ...(rest.uniques[0] === undefined ? {} : { identifier: rest.uniques[0] }),
  }));

describe('the text of a model', () => {
  it('comes back as what was written, whatever it is called in the database', () => {
    fc.assert(
      fc.property(model, (value) => {
        expect(parseModelText(formatModelText(value))).toEqual(value);
      }),
    );
  });
});

describe('parseConfig', () => {
  const config = {
    format: 1,
    schemaHash: 'x',
    provider: 'sqlite',
    relationMode: 'foreignKeys',
    models: { A: 'm|id:I|#id||' },
  };

  it.each([
    ['another format', { ...config, format: 2 }],
    ['an older format', { ...config, format: 0 }],
    ['another provider', { ...config, provider: 'oracle' }],
    ['another relation mode', { ...config, relationMode: 'none' }],
    ['an empty hash', { ...config, schemaHash: '' }],
    ['no models', { ...config, models: null as never }],
    ['a model that is no text', { ...config, models: { A: 7 as never } }],
    ['a default import, which is undefined', undefined as never],
    ['null', null as never],
  ])('refuses %s', (_, invalid) => {
    expect(() => parseConfig(invalid)).toThrow(
      expect.toSatisfy((error) => isBoostError(error, 'BOOST_CONFIG_INVALID')),
    );
  });

  it('says which side to update', () => {
    expect(() => parseConfig({ ...config, format: 2 })).toThrow(/update the packages/);
    expect(() => parseConfig({ ...config, format: 0 })).toThrow(/prisma generate/);
  });

  it('names a model that it does not have', () => {
    expect(() => parseConfig(config).model('B')).toThrow(/no model "B".*BOOST_MODEL_UNKNOWN/);
  });

  it('refuses a text that was edited', () => {
    expect(() => parseConfig({ ...config, models: { A: 'm|id=I|#id||' } }).model('A')).toThrow(
      /BOOST_CONFIG_INVALID/,
    );
  });
});
