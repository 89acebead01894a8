import { DDL } from '../../../generated/worker/ddl.ts';

export const STORIES = 2_000;
const AUTHORS = 50;
const TAGS = 10;
const CREATED_AT = '2026-01-01T00:00:00.000+00:00';

/** Creates the tables with stories, each of them with an author and a tag: a front page that the free tier stores (10 KB). */
export async function seed(database: D1Database): Promise<void> {
  for (const statement of DDL.split(/;\s*\n/)) {
    const sql = statement.replace(/^--.*$/gm, '').trim();
    if (sql !== '') await database.prepare(sql).run();
  }
  await insert(
    database,
    'INSERT INTO User (id, username, about) VALUES (?, ?, ?)',
    AUTHORS,
    (id) => [id, `author${id}`, 'Writes about programming.'],
  );
  await insert(database, 'INSERT INTO Tag (id, name) VALUES (?, ?)', TAGS, (id) => [
    id,
    `tag${id}`,
  ]);
  await insert(
    database,
    'INSERT INTO Story (id, title, url, hotness, score, createdAt, authorId) VALUES (?, ?, ?, ?, ?, ?, ?)',
    STORIES,
    (id) => [
      id,
      `A title of the usual length, number ${id}`,
      `https://example.com/stories/${id}`,
      id / 7,
      id % 40,
      CREATED_AT,
      1 + (id % AUTHORS),
    ],
  );
  await insert(database, 'INSERT INTO Tagging (storyId, tagId) VALUES (?, ?)', STORIES, (id) => [
    id,
    1 + (id % TAGS),
  ]);
}

/** Most statements of one batch. */
const BATCH = 200;

async function insert(
  database: D1Database,
  sql: string,
  rows: number,
  valuesOf: (id: number) => readonly (string | number)[],
): Promise<void> {
  const statement = database.prepare(sql);
  const bound = Array.from({ length: rows }, (_, index) => statement.bind(...valuesOf(index + 1)));
  for (let start = 0; start < rows; start += BATCH) {
    await database.batch(bound.slice(start, start + BATCH));
  }
}
