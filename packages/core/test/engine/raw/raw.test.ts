import { describe, expect, it } from 'vitest';
import { rawEffect } from '../../../src/engine/raw/raw.js';
import { parseConfig } from '../../../src/schema/parse.js';
import type { Provider, Schema } from '../../../src/schema/schema.js';

function schemaOf(provider: Provider): Schema {
  return parseConfig({
    format: 1,
    schemaHash: 'raw',
    provider,
    relationMode: 'foreignKeys',
    models: {
      User: 'm@users|id:I+ name:S|#id||',
      Post: 'm|id:I+ title:S|#id|tags*Tag.posts:_PostToTag:A|',
      Tag: 'm|id:I+ name:S|#id|posts*Post.tags:_PostToTag:B|',
      Odd: 'm@two%20words|id:I+|#id||',
      Recent: 'v|id:I|#id||',
      _PostToTag: 'j|A:I B:I|#A_B=A,B||+A +B',
    },
  });
}

const schema = schemaOf('postgresql');
const effect = (sql: string, provider?: Provider): unknown => {
  const found = rawEffect(provider === undefined ? schema : schemaOf(provider), sql);
  return found.kind === 'models' ? found.models : found.kind;
};

describe('a raw statement that surely only reads changes nothing', () => {
  it.each([
    'SELECT 1',
    'select * from "Post" where id = $1',
    'SELECT count(*), max(p.title) FROM "Post" p JOIN users u ON (u.id = p.id) GROUP BY (p.id)',
    'WITH recent AS (SELECT * FROM "Post") SELECT * FROM recent WHERE title IN ($1, $2)',
    'WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t) SELECT n FROM t',
    'SELECT title AS "update" FROM "Post"',
    'SELECT \'delete from "Post"; drop table users\'',
    'SELECT 1 -- delete from "Post"',
    'SELECT /* update "Post" */ 1',
    'SELECT * FROM "Post" FOR UPDATE SKIP LOCKED',
    'SELECT * FROM "Post" FOR NO KEY UPDATE',
    'SELECT replace(title, $1, $2) FROM "Post"',
    'SELECT x::varchar(10), data #>> $1 FROM "Post"',
    'SELECT v.id FROM (VALUES (1)) v(id)',
    'EXPLAIN DELETE FROM "Post"',
    'EXPLAIN (FORMAT JSON) SELECT 1',
    "SELECT set_config('app.tenant', $1, true)",
    "SET app.tenant = 'a'",
    'SAVEPOINT a',
    'BEGIN',
    'SELECT pg_advisory_xact_lock(42)',
    'SELECT pg_catalog.now()',
    '((SELECT 1))',
    'SELECT $1; SELECT $2;',
  ])('%s', (sql) => {
    expect(effect(sql)).toBe('nothing');
  });

  it('in SQLite', () => {
    expect(effect('PRAGMA table_info("Post")', 'sqlite')).toBe('nothing');
    expect(effect("SELECT strftime('%s', 'now') FROM [Post]", 'sqlite')).toBe('nothing');
  });
});

describe('a raw statement changes every model whose name or table occurs in it, CTEs too (drizzle-orm#4677)', () => {
  it.each([
    ['UPDATE "Post" SET title = $1', ['Post']],
    ['update post set title = $1', ['Post']],
    ['UPDATE public."Post" SET title = $1', ['Post']],
    ['UPDATE ONLY "Post" SET title = $1', ['Post']],
    ['UPDATE "Post" SET title = u.name FROM users u', ['User', 'Post']],
    ['INSERT INTO "public"."users" ("name") VALUES ($1)', ['User']],
    [
      'INSERT INTO users(name) VALUES (lower($1)) ON CONFLICT (id) DO UPDATE SET name = $1',
      ['User'],
    ],
    ['INSERT INTO users (name) SELECT title FROM "Post" RETURNING (id)', ['User', 'Post']],
    ['DELETE FROM "Post" USING users WHERE true', ['User', 'Post']],
    ['WITH gone AS (DELETE FROM "Post" RETURNING *) SELECT * FROM gone', ['Post']],
    ['WITH u AS (SELECT 1) INSERT INTO "Tag" (name) SELECT * FROM u', ['Tag']],
    ['INSERT INTO "_PostToTag" ("A", "B") VALUES ($1, $2)', ['_PostToTag']],
    ['DELETE FROM "two words"', ['Odd']],
    ['UPDATE "Post" SET title = $1 /* of users */', ['User', 'Post']],
    ['UPDATE "Post" SET title = \'users\'', ['User', 'Post']],
    ['SELECT 1; DELETE FROM "Post"', ['Post']],
    ['EXPLAIN ANALYZE DELETE FROM "Post"', ['Post']],
    [
      'MERGE INTO "Post" p USING users u ON (p.id = u.id) WHEN MATCHED THEN UPDATE SET title = $1 WHEN MATCHED THEN DELETE',
      ['User', 'Post'],
    ],
  ] as const)('%s', (sql, models) => {
    expect(effect(sql)).toEqual(models);
  });

  it('in the spellings of other databases', () => {
    expect(effect('UPDATE OR REPLACE Post SET title = ?', 'sqlite')).toEqual(['Post']);
    expect(effect('INSERT OR IGNORE INTO Post (title) VALUES (?)', 'sqlite')).toEqual(['Post']);
    expect(effect('REPLACE INTO `Post` (`title`) VALUES (?)', 'mysql')).toEqual(['Post']);
    expect(effect('UPDATE IGNORE Post SET title = "a"', 'mysql')).toEqual(['Post']);
    expect(
      effect(
        'INSERT INTO Post (id) VALUES (?) ON DUPLICATE KEY UPDATE title = VALUES(title)',
        'mysql',
      ),
    ).toEqual(['Post']);
    expect(effect('UPDATE [dbo].[Post] SET title = @P1', 'sqlserver')).toEqual(['Post']);
  });
});

describe('a raw statement changes everything when its words do not tell', () => {
  it.each(
    [
      'UPDATE posts_2024 SET title = $1',
      'INSERT INTO posts_2024 SELECT * FROM users',
      'UPDATE postscript SET a = 1',
      'DELETE FROM "Recent"',
      'SELECT archive(id) FROM users',
      'SELECT "lower"(name), "archive"(id) FROM users',
      'SELECT audit.lower(name) FROM users',
      'UPDATE "Post" SET title = make_title(id)',
      'CALL archive_posts()',
      'DO $$ BEGIN DELETE FROM "Post"; END $$',
      'TRUNCATE users CASCADE',
      'DROP TABLE "Post"',
      'ALTER TABLE users ADD COLUMN a int',
      "COPY users FROM '/tmp/a'",
      'CREATE TABLE users2 AS SELECT * FROM users',
      'SELECT * INTO copy FROM users',
      'COMMIT',
      'EXECUTE prepared',
      'VACUUM; DELETE FROM unknown_table',
      "SELECT 'it\\'s', archive() --'",
      "SELECT 'open",
      'SELECT /* a /* b */ DELETE FROM "Post" */ 1',
      'SELECT /*! archive() */ 1',
      'DELETE FROM U&"\\0050ost"',
      'SELECT 1 --\rDELETE FROM unknown',
      'PRAGMA foreign_keys = off',
      '"quoted first"',
      '',
    ].filter((sql) => sql !== ''),
  )('%s', (sql) => {
    expect(effect(sql)).toBe('everything');
  });

  it('because databases read it differently', () => {
    expect(effect('SELECT 1 --1, archive(2)', 'mysql')).toBe('everything');
    expect(effect('SELECT 1 # archive()', 'mysql')).toBe('everything');
    expect(effect('SELECT ARRAY[archive(1)]', 'postgresql')).toBe('everything');
    expect(effect('SELECT $tag$ text $tag$, archive()', 'postgresql')).toBe('everything');
    expect(effect('SELECT "a\\", archive() -- "', 'mysql')).toBe('everything');
    expect(effect('DELETE Post, other FROM Post JOIN other', 'mysql')).toBe('everything');
    expect(effect('UPDATE p SET title = 1 FROM Post p', 'sqlserver')).toBe('everything');
  });
});

describe('a statement without text', () => {
  it.each(['', ' ; -- nothing\n ;'])('%j changes everything', (sql) => {
    expect(effect(sql)).toBe('everything');
  });
});
