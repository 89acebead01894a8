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
}

/** Reads the parts of a schema that decide referential actions, views and what the client cannot see. */
export function readDatamodel(text: string): DatamodelText {
  const views = new Set<string>();
  const models = new Map<string, TextModel>();
  let relationMode: DatamodelText['relationMode'] = 'foreignKeys';
  for (const { keyword, name, body } of blocksOf(withoutComments(text))) {
    if (
      keyword === 'datasource' &&
      /\b(relationMode|referentialIntegrity)\s*=\s*"prisma"/.test(body)
    ) {
      relationMode = 'prisma';
    }
    if (keyword !== 'model' && keyword !== 'view') continue;
    if (keyword === 'view') views.add(name);
    models.set(name, readModel(name, body));
  }
  return { relationMode, views, models };
}

/** Blanks out comments, strings left alone; line breaks stay where they were. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith('"') ? match : match.replace(/[^\n]/g, ' '),
  );
}

interface Block {
  readonly keyword: string;
  readonly name: string;
  readonly body: string;
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const head = /^[ \t]*(\w+)[ \t]+(\w+)[ \t]*\{/gm;
  for (let match = head.exec(text); match !== null; match = head.exec(text)) {
    const start = match.index + match[0].length;
    const end = closingBrace(text, start);
    blocks.push({ keyword: match[1] ?? '', name: match[2] ?? '', body: text.slice(start, end) });
    head.lastIndex = end;
  }
  return blocks;
}

function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (char === '"') index = closingQuote(text, index);
    else if (char === '{') depth += 1;
    else if (char === '}' && --depth === 0) return index;
  }
  return text.length;
}

function closingQuote(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index;
  }
  return text.length;
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
    fields.push({
      name: field,
      type,
      list: list !== undefined,
      optional: optional !== undefined,
      ignored: hasAttribute(rest, '@ignore'),
      attributes: rest,
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

function hasAttribute(text: string, attribute: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return new RegExp(`(^|\\s|\\))${attribute}\\b`).test(bare);
}

/** The arguments of `@relation(…)` on the side that holds the key; null elsewhere. */
export function relationArguments(
  attributes: string,
): { fields: string[]; references: string[]; onDelete?: string; onUpdate?: string } | null {
  const relation = /@relation\(([\s\S]*)\)/.exec(attributes)?.[1];
  const fields = listArgument(relation, 'fields');
  const references = listArgument(relation, 'references');
  if (relation === undefined || fields === null || references === null) return null;
  const onDelete = /onDelete:\s*(\w+)/.exec(relation)?.[1];
  const onUpdate = /onUpdate:\s*(\w+)/.exec(relation)?.[1];
  return {
    fields,
    references,
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
  };
}

function listArgument(text: string | undefined, name: string): string[] | null {
  const list = new RegExp(`${name}:\\s*\\[([^\\]]*)\\]`).exec(text ?? '')?.[1];
  return list?.split(',').map((item) => item.trim()) ?? null;
}
