import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, failureOf, generateOnce } from './prisma.js';

const small = `datasource db {
  provider = "sqlite"
}

model Post {
  id   Int    @id
  slug String
  size Float
  a    Int

  @@index([slug])
}
`;
const output = 'output = "./generated"';

describe('options of the block', () => {
  it('adds and removes tracked keys', async () => {
    const { schema } = await generateOnce(small, [
      'track = ["Post.a", "Post.a, slug"]',
      'untrack = ["Post.slug"]',
    ]);
    expect(schema.model('Post').tracked.map(String)).toEqual(['id', 'a', 'a,slug']);
  });

  it('writes the formats that are asked for, and takes back those that no longer are', async () => {
    const project = await createProject();
    await project.write(small, [output, 'formats = ["esm", "cjs", "ts", "esm"]']);
    await project.generate();
    const folder = join(project.folder, 'generated');
    const files = async (): Promise<string[]> => (await readdir(folder)).sort();
    expect(await files()).toEqual([
      'cacheConfig.cjs',
      'cacheConfig.d.cts',
      'cacheConfig.d.ts',
      'cacheConfig.js',
      'cacheConfig.ts',
    ]);
    await writeFile(join(folder, 'cacheConfig.ts'), '// written by hand\n');
    await project.write(small, [output, 'formats = "cjs"']);
    await project.generate();
    expect(await files()).toEqual(['cacheConfig.cjs', 'cacheConfig.d.cts', 'cacheConfig.ts']);
  });

  it('puts back what it has moved when a later file cannot be written', async () => {
    const project = await createProject();
    await project.write(small, [output]);
    await project.generate();
    const folder = join(project.folder, 'generated');
    const before = await readFile(join(folder, 'cacheConfig.js'), 'utf8');
    await rm(join(folder, 'cacheConfig.d.ts'));
    await mkdir(join(folder, 'cacheConfig.d.ts'));
    await project.write(small.replace('size Float', 'size Int'), [output]);
    expect(await failureOf(project)).toContain('cacheConfig.d.ts');
    expect(await readFile(join(folder, 'cacheConfig.js'), 'utf8')).toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['cacheConfig.d.ts', 'cacheConfig.js']);
  });

  it('writes beside the schema when no folder is given', async () => {
    const project = await createProject();
    await project.write(small, []);
    await project.generate();
    expect((await project.read()).schema.modelNames).toEqual(['Post']);
  });

  it.each([
    ['an unknown option', 'tracks = ["Post.a"]', 'unknown option "tracks"'],
    [
      'an unknown model',
      'track = ["Pots.a"]',
      'track names "Pots.a", but there is no model "Pots"',
    ],
    ['an unknown field', 'track = ["Post.b"]', 'but model Post has no scalar field "b"'],
    ['a model alone', 'untrack = ["Post"]', 'but a key is written "Model.field"'],
    ['a path', 'track = ["Post.a.b"]', 'but a key is written "Model.field"'],
    ['a field given twice', 'track = ["Post.a,a"]', 'but it has the field "a" twice'],
    ['a field without plain equality', 'track = ["Post.size"]', 'Post.size cannot be tracked'],
    ['a key that is not tracked', 'untrack = ["Post.a"]', 'Post.a is not tracked'],
    ['an unknown format', 'formats = ["yaml"]', 'unknown format "yaml"'],
    ['no format', 'formats = []', 'formats is empty'],
  ])('refuses %s with file and line, and leaves what is there', async (_, line, message) => {
    const project = await createProject();
    await project.write(small);
    await project.generate();
    const file = join(project.folder, 'generated', 'cacheConfig.js');
    const before = await readFile(file, 'utf8');
    await project.write(`${small}\nmodel More {\n  id Int @id\n}\n`, [output, line]);
    const failure = await failureOf(project);
    expect(failure).toContain('schema.prisma:4: ');
    expect(failure).toContain(message);
    expect(failure).toMatch(/code 1$/);
    expect(await readdir(join(project.folder, 'generated'))).toHaveLength(2);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('refuses a key that is both tracked and untracked', async () => {
    const project = await createProject();
    await project.write(small, [output, 'untrack = ["Post.a"]', 'track = ["Post.a"]']);
    expect(await failureOf(project)).toContain('schema.prisma:5: Post.a is both tracked');
    expect(await readdir(project.folder)).not.toContain('generated');
  });
});
