/** A block of a schema: `keyword name { body }`, comments blanked out. */
export interface SchemaBlock {
  readonly keyword: string;
  readonly name: string;
  readonly body: string;
  /** Where the text goes on after the closing brace. */
  readonly end: number;
}

/** The blocks of a schema's text, in its order. */
export function readSchemaBlocks(schemaText: string): SchemaBlock[] {
  const text = withoutComments(schemaText);
  const blocks: SchemaBlock[] = [];
  const head = /^[ \t]*(\w+)[ \t]+(\w+)[ \t]*\{/gm;
  for (let match = head.exec(text); match !== null; match = head.exec(text)) {
    const start = match.index + match[0].length;
    const brace = closingBrace(text, start);
    const [, keyword = '', name = ''] = match;
    const end = Math.min(brace + 1, text.length);
    blocks.push({ keyword, name, body: text.slice(start, brace), end });
    head.lastIndex = end;
  }
  return blocks;
}

/** Blanks out comments, strings left alone; everything else stays where it was. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith('"') ? match : match.replace(/[^\n]/g, ' '),
  );
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
