import { describe, expect, it } from 'vitest';
import { affectedRows } from '../../src/engine/affected.js';
import { parseConfig } from '../../src/schema/parse.js';
import { shop } from '../support/database.js';

const names = (scopes: readonly string[], schema = shop): readonly string[] =>
  affectedRows(schema, scopes).map(({ name, through }) =>
    through === undefined ? name : `${name} ${through}`,
  );

describe('the rows that a bump set is about', () => {
  it('are those that changed, then those that show it, each once', () => {
    const scopes = [
      'Comment#~key',
      'Comment{postId=42}#~key',
      'Comment{postId=42}#~rest',
      'Comment{postId=43}#~key',
      'Comment:99#~key',
      'Comment:99#~rest',
    ];
    expect(affectedRows(shop, scopes)).toEqual([
      { name: 'Comment:99', model: 'Comment', where: { id: 99 } },
      { name: 'Post:42', model: 'Post', where: { id: 42 }, through: 'comments' },
      { name: 'Post:43', model: 'Post', where: { id: 43 }, through: 'comments' },
    ]);
  });

  it('are all of a model, or of everything, where the scopes tell no more', () => {
    expect(affectedRows(shop, ['Post!', '*'])).toEqual([
      { name: 'Post', model: 'Post' },
      { name: '*', model: '*' },
    ]);
    expect(names(['Post{id=?}', 'Post{authorId=?}'])).toEqual(['Post', 'User posts']);
    expect(names(['Post{authorId=7}!'])).toEqual(['User:7 posts']);
  });

  it('are both ends of a link', () => {
    expect(names(['_CountryToZone:[1,2]#rows', '_CountryToZone{A=1}#rows'])).toEqual([
      'Country:1 zones',
    ]);
    expect(names(['_CountryToZone{A,B=?}', '_CountryToZone{B=2}#rows'])).toEqual([
      'Zone:2 countries',
    ]);
  });

  it('do not include a parent that there is none of, labels, and names of no model', () => {
    expect(names(['Post{authorId=null}#rows', 'tag:home', 'Nothing:1#rows'])).toEqual([]);
  });

  const keys = parseConfig({
    format: 1,
    schemaHash: 'keys',
    provider: 'postgresql',
    relationMode: 'foreignKeys',
    models: {
      Slug: 'm|slug:S text:S|#slug||',
      Day: 'm|at:T text:S|#at||',
      Big: 'm|id:L text:S|#id||',
      Item: 'm|orderId:I sku:S text:S|#orderId_sku=orderId,sku||',
    },
  });
  it.each<[scope: string, where: Record<string, unknown>]>([
    ['Slug:"a#b}{c=1"#text', { slug: 'a#b}{c=1' }],
    ['Slug:"say \\"hi\\", [you]"#text', { slug: 'say "hi", [you]' }],
    ['Big:9007199254740993#text', { id: 9007199254740993n }],
    ['Item:[7,"a,\\"b]"]#text', { orderId: 7, sku: 'a,"b]' }],
  ])('are named by values: %s', (scope, where) => {
    expect(affectedRows(keys, [scope])).toMatchObject([{ where }]);
  });
});
