import { dirname, join, resolve } from 'node:path';
import { readSources, readText, type TextFile } from './files.js';
import { type PrismaSchema, readPrismaSchema } from './prisma-schema.js';
import { readWranglerConfig, type WranglerConfig } from './wrangler-config.js';

/** An application as the commands see it. What is undefined is not there. */
export interface Project {
  readonly root: string;
  readonly wrangler: WranglerConfig | undefined;
  readonly schema: PrismaSchema | undefined;
  /** The module that Wrangler's `main` names. */
  readonly main: TextFile | undefined;
  readonly sources: readonly TextFile[];
}

/** Where the project's files are, if not where Wrangler and Prisma look by themselves. */
export interface ProjectPaths {
  readonly config?: string;
  readonly schema?: string;
}

/** @throws BoostError `BOOST_PROJECT_INVALID` where Wrangler's configuration cannot be read */
export async function openProject(root: string, paths: ProjectPaths = {}): Promise<Project> {
  const [wrangler, schema] = await Promise.all([
    readWranglerConfig(root, paths.config),
    readPrismaSchema(root, paths.schema),
  ]);
  const entry = wrangler?.values.main;
  const main =
    entry === undefined ? undefined : await readText(join(dirname(wrangler?.path ?? root), entry));
  const sources = main === undefined ? [] : await readSources(dirname(resolve(main.path)));
  return { root, wrangler, schema, main, sources };
}
