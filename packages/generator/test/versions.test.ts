import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createProject, failureOf, generateOnce } from './prisma.js';

const features = await readFile(new URL('./schemas/features.prisma', import.meta.url), 'utf8');

describe('versions of Prisma', () => {
  it('6 and 7 give the same text', async () => {
    const withoutClient = features.replace(/generator client \{[^}]*\}/, '');
    const previews = ['previewFeatures = ["views"]'];
    const [six, seven] = await Promise.all([
      generateOnce(withoutClient, previews, 6),
      generateOnce(withoutClient, previews),
    ]);
    expect(six.text).toBe(seven.text);
  });
});

describe('a schema for MongoDB', () => {
  const models = `datasource db {
  provider = "mongodb"
}

type Address {
  street String
}

model User {
  id      String  @id @map("_id") @db.ObjectId
  address Address
  posts   Post[]
}

model Post {
  id       String @id @map("_id") @db.ObjectId
  author   User   @relation(fields: [authorId], references: [id])
  authorId String @db.ObjectId
}
`;

  it('has no foreign keys, and composite types as values', async () => {
    const { schema } = await generateOnce(models, [], 6);
    expect(schema).toMatchObject({ provider: 'mongodb', relationMode: 'prisma' });
    expect(schema.model('User').fields.get('address')).toMatchObject({ type: 'Json' });
    expect(schema.model('Post').fields.get('author')).toMatchObject({ onDelete: 'Restrict' });
  });

  it('is refused where a many-to-many relation keeps its keys in lists', async () => {
    const project = await createProject(6);
    await project.write(`${models}
model Tag {
  id      String @id @map("_id") @db.ObjectId
  label   Label[] @relation(fields: [labelIds], references: [id])
  labelIds String[] @db.ObjectId
}

model Label {
  id     String @id @map("_id") @db.ObjectId
  tags   Tag[]  @relation(fields: [tagIds], references: [id])
  tagIds String[] @db.ObjectId
}
`);
    const failure = await failureOf(project);
    expect(failure).toContain('Tag.label: a many-to-many relation that keeps its keys in a list');
    expect(failure).toMatch(/code 1$/);
  });
});

describe('a schema in several files', () => {
  const files = {
    'base.prisma': `datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}
`,
    'log.prisma': `/* model Ghost { */
model Log {
  id     Int  @id
  postId Int
  post   Post @relation(fields: [postId], references: [id], onDelete: Cascade)
  @@ignore
}
`,
  };
  const models = 'model Post {\n  id Int @id\n  logs Log[] @ignore\n}\n';

  it('is read as one', async () => {
    const project = await createProject(7, files);
    await project.write(models);
    await project.generate();
    const { schema } = await project.read();
    expect(schema.relationMode).toBe('prisma');
    expect(schema.modelNames).toEqual(['Post', 'Log']);
  });

  it('names the file with the block when an option is wrong', async () => {
    const project = await createProject(7, files);
    await project.write(models, ['output = "./generated"', 'formats = ["yaml"]']);
    expect(await failureOf(project)).toContain('schema/schema.prisma:4: unknown format "yaml"');
  });
});

describe('the README', () => {
  it('shows a block that generates', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const block = /```prisma\n(generator cache \{[\s\S]*?\n\})\n```/.exec(readme)?.[1] ?? '';
    expect(block).toContain('provider = "prisma-boost"');
    const lines = block
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim())
      .filter((line) => !line.startsWith('provider'));
    const project = await createProject();
    await project.write(
      'datasource db {\n  provider = "sqlite"\n}\nmodel Post {\n  id Int @id\n  title String\n  slug String\n}\n',
      lines,
    );
    await project.generate();
    const { schema } = await project.read();
    expect(schema.model('Post').tracked.map(String)).toEqual(['id', 'slug']);
  });
});
