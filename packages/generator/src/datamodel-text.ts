import { readSchemaBlocks } from './schema-blocks.js';

/** What the DMMF does not tell, read from the schema's own text. */
export interface DatamodelText {
  readonly relationMode: 'foreignKeys' | 'prisma';
  readonly views: ReadonlySet<string>;
  /** Every model and view by name, the ignored ones included. */
  readonly models: ReadonlyMap<string, TextModel>;
}

export interface TextModel {
  readonly name: string;
  /** `@@ignore`: not in the client. */
  readonly ignored: boolean;
  readonly fields: readonly TextField[];
  readonly attributes: string;
}

export interface TextField {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly ignored: boolean;
  readonly attributes: string;
  /** Column, where `@map` gives one. */
  readonly column?: string;
  /** Arguments of `@relation` on the side that holds the key. */
  readonly relation?: KeyArguments;
  /** The name that `@relation` gives. */
  readonly relationName?: string;
}

export interface KeyArguments {
  readonly fields: readonly string[];
  readonly references: readonly string[];
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

/** Reads the parts of a schema that decide referential actions, views and what the client cannot see. */
export function readDatamodel(text: string): DatamodelText {
  const views = new Set<string>();
  const models = new Map<string, TextModel>();
  let relationMode: DatamodelText['relationMode'] = 'foreignKeys';
  // An attribute never runs over a line's end: Prisma refuses it.
  for (const { keyword, name, body } of readSchemaBlocks(text)) {
    // MongoDB has no foreign keys: Prisma alone keeps relations there.
    const emulated =
      /^\s*(relationMode|referentialIntegrity)\s*=\s*"prisma"|^\s*provider\s*=\s*"mongodb"/m;
    if (keyword === 'datasource' && emulated.test(body)) relationMode = 'prisma';
    if (keyword !== 'model' && keyword !== 'view') continue;
    if (keyword === 'view') views.add(name);
    models.set(name, readModel(name, body));
  }
  return { relationMode, views, models };
}

function readModel(name: string, body: string): TextModel {
  const fields: TextField[] = [];
  const attributes: string[] = [];
  for (const line of body.split('\n').map((text) => text.trim())) {
    if (line.startsWith('@@')) {
      attributes.push(line);
      continue;
    }
    const match = /^(\w+)\s+(Unsupported\("[^"]*"\)|[\w.]+)(\[\])?(\?)?\s*(.*)$/.exec(line);
    if (match === null) continue;
    const [, field = '', type = '', list, optional, rest = ''] = match;
    const relation = keyArguments(rest);
    const relationName = /@relation\(\s*(?:name:\s*)?"([^"]*)"/.exec(rest)?.[1];
    const column = mapped(rest, '@map');
    fields.push({
      name: field,
      type,
      list: list !== undefined,
      optional: optional !== undefined,
      ignored: hasAttribute(rest, '@ignore'),
      attributes: rest,
      ...(column === undefined ? {} : { column }),
      ...(relation === undefined ? {} : { relation }),
      ...(relationName === undefined ? {} : { relationName }),
    });
  }
  const blockAttributes = attributes.join(' ');
  return {
    name,
    ignored: hasAttribute(blockAttributes, '@@ignore'),
    fields,
    attributes: blockAttributes,
  };
}

/** Whether an attribute is there, as opposed to its name within a string. */
export function hasAttribute(text: string, attribute: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return new RegExp(`(^|\\s|\\))${attribute}\\b`).test(bare);
}

/** The text that an attribute such as `@@map("users")` gives. */
export function mapped(attributes: string, attribute: string): string | undefined {
  const text = new RegExp(
    `(?:^|\\s|\\))${attribute}\\(\\s*(?:\\w+:\\s*)?("(?:[^"\\\\]|\\\\.)*")`,
  ).exec(attributes)?.[1];
  return text === undefined ? undefined : (JSON.parse(text) as string);
}

function keyArguments(attributes: string): KeyArguments | undefined {
  const relation = /@relation\((.*)\)/.exec(attributes)?.[1];
  const fields = listArgument(relation, 'fields');
  const references = listArgument(relation, 'references');
  if (relation === undefined || fields === undefined || references === undefined) return undefined;
  const onDelete = /\bonDelete:\s*(\w+)/.exec(relation)?.[1];
  const onUpdate = /\bonUpdate:\s*(\w+)/.exec(relation)?.[1];
  return {
    fields,
    references,
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
  };
}

function listArgument(text: string | undefined, name: string): string[] | undefined {
  const list = new RegExp(`\\b${name}:\\s*\\[([^\\]]*)\\]`).exec(text ?? '')?.[1];
  return list?.split(',').map((item) => item.trim());
}
