import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generateClient } from '@boost-tooling/database';
import { PACKAGE_ROOT } from '../../src/schema/load.ts';

interface InputType {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly inputTypes: readonly TypeRef[] }[];
}

interface TypeRef {
  readonly type: string;
  readonly location: string;
  readonly isList: boolean;
}

interface OutputType {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly args: readonly { name: string }[] }[];
}

interface Dmmf {
  readonly schema: {
    readonly inputObjectTypes: Readonly<Record<string, readonly InputType[]>>;
    readonly outputObjectTypes: Readonly<Record<string, readonly OutputType[]>>;
  };
}

/** What Prisma itself says that a client of the schema takes. */
export class Inputs {
  readonly #inputs: ReadonlyMap<string, InputType>;
  readonly #outputs: ReadonlyMap<string, OutputType>;

  constructor({ schema }: Dmmf) {
    const byName = <Type extends { name: string }>(
      groups: Readonly<Record<string, readonly Type[]>>,
    ): Map<string, Type> =>
      new Map(Object.values(groups).flatMap((types) => types.map((type) => [type.name, type])));
    this.#inputs = byName(schema.inputObjectTypes);
    this.#outputs = byName(schema.outputObjectTypes);
  }

  /** Names of what stands inside of an argument's field: the operators of a filter, the operations of a nested write. */
  operators(type: string, field: string): readonly string[] {
    const own = this.#inputs.get(type)?.fields.find(({ name }) => name === field);
    const names = (own?.inputTypes ?? [])
      // What stands in the place of an operator is none: the related row's own filter.
      .filter(
        ({ location, type: name }) =>
          location === 'inputObjectTypes' && !name.endsWith('WhereInput'),
      )
      .flatMap((inner) => this.#inputs.get(inner.type)?.fields ?? [])
      .map(({ name }) => name);
    return [...new Set(names)].sort();
  }

  /** Operations on a model with the names of their arguments: `findUniqueOrThrow` → `where`, … */
  operations(model: string): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const root of ['Query', 'Mutation']) {
      for (const { name, args } of this.#outputs.get(root)?.fields ?? []) {
        const action = /^([a-z]+?(?:Unique|First|Many|One|By)?)(OrThrow|AndReturn)?$/.exec(
          name.replace(model, ''),
        );
        if (!name.includes(model) || action === null) continue;
        const [, stem = '', tail = ''] = action;
        found.set(`${stem.replace('One', '')}${tail}`, args.map((arg) => arg.name).sort());
      }
    }
    return found;
  }
}

/** Asks Prisma about a schema. */
export async function inputsOf(schemaText: string): Promise<Inputs> {
  const directory = await mkdtemp(join(PACKAGE_ROOT, 'generated', 'inputs-'));
  const file = join(directory, 'dmmf.json');
  const provider = `node ${join(PACKAGE_ROOT, 'dmmf-generator.mjs')}`;
  try {
    await generateClient({
      schema: schemaText,
      directory,
      blocks: [
        `generator dmmf {\n  provider = "${provider}"\n  output = "${file}"\n  inputs = "true"\n}`,
      ],
    });
    return new Inputs(JSON.parse(await readFile(file, 'utf8')) as Dmmf);
  } finally {
    await rm(directory, { recursive: true });
  }
}
