/** What a schema file of Prisma 6 says about connections and Prisma 7 refuses; and its generators, which are ours to choose. */
const CONNECTION_LINE = /^\s*(?:url|directUrl|shadowDatabaseUrl|extensions)\s*=.*$/gm;
const DATASOURCE_BLOCK = /^datasource\s+\w+\s*\{[^}]*\}/m;
const GENERATOR_BLOCK = /^generator\s+\w+\s*\{[^}]*\}\n?/gm;

/** The schema with its models and provider, without connections and generators: what Prisma 6 and 7 both read. */
export function modelsOnly(schemaText: string): string {
  return schemaText
    .replace(DATASOURCE_BLOCK, (block) => block.replace(CONNECTION_LINE, ''))
    .replace(GENERATOR_BLOCK, '');
}

/** The provider that the datasource block names. */
export function providerOf(schemaText: string): string {
  const block = DATASOURCE_BLOCK.exec(schemaText)?.[0] ?? '';
  // At the start of a line: not one that is commented out.
  const provider = /^\s*provider\s*=\s*"(\w+)"/m.exec(block)?.[1];
  if (provider === undefined)
    throw new Error('The schema has no datasource block with a provider.');
  return provider;
}

/** What Prisma 6 asks of a datasource and a driver adapter makes void. */
export function withConnection(schemaText: string): string {
  return schemaText.replace(DATASOURCE_BLOCK, (block) =>
    block.replace(/\}$/, '  url = "file:./unused.db"\n}'),
  );
}
