import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Application } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { ROOT, repositoryFiles } from './markdown.ts';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, { readonly types?: string }>>;
}

interface Entry {
  /** As one imports it. */
  readonly name: string;
  /** Its declarations. */
  readonly file: string;
}

/** What the published packages export: the umbrella, which most install, first. */
export function entries(): readonly Entry[] {
  const found = repositoryFiles('packages/*/package.json').flatMap((path) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest;
    if (manifest.private === true) return [];
    return Object.entries(manifest.exports ?? {}).flatMap(([entry, { types }]) =>
      types === undefined || entry === './bin'
        ? []
        : [{ name: join(manifest.name, entry), file: join(ROOT, path, '..', types) }],
    );
  });
  return found.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

const rank = ({ name }: Entry): number => (name.startsWith('@') ? 1 : 0);

/** What TypeDoc calls a file, and we would not. */
const typedocNameOf = (file: string): string =>
  relative(join(ROOT, 'packages'), file).replace(/(\/index)?\.d\.ts$/, '');

/** Writes what the docstrings say of everything that is exported. @throws where TypeDoc warns */
export async function writeReference(folder: string): Promise<void> {
  const all = entries();
  const markdown: Partial<PluginOptions> = {
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    sanitizeComments: true,
  };
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: all.map(({ file }) => file),
    tsconfig: join(ROOT, 'tooling/docs/tsconfig.reference.json'),
    skipErrorChecking: true,
    disableSources: true,
    excludeExternals: true,
    readme: 'none',
    outputs: [{ name: 'markdown', path: join(folder, 'reference') }],
    logLevel: 'Warn',
    validation: { notExported: false, invalidLink: true, rewrittenLink: true },
    router: 'module',
    ...markdown,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc has made nothing of the declarations.');
  project.name = 'Reference';
  const names = new Map(all.map(({ name, file }) => [typedocNameOf(file), name]));
  for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name;
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('TypeDoc found fault with the declarations: see above.');
}
