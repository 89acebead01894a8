import { HARMLESS_FUNCTIONS, KEYWORDS_BEFORE_PARENTHESIS } from './functions.js';
import { isKeyword, isSymbol, type Token } from './tokens.js';

/**
 * Whether the statement calls a function that may do anything. A table, a common table expression or an alias may have a list
 * of columns in parentheses as well.
 *
 * @param tables - names of models and tables, in lower case
 */
export function callsUnknown(tokens: readonly Token[], tables: ReadonlySet<string>): boolean {
  return tokens.some((token, index) => {
    if (token.kind !== 'word' || !isSymbol(tokens[index + 1], '(')) return false;
    const name = token.text.toUpperCase();
    if (!token.quoted && KEYWORDS_BEFORE_PARENTHESIS.has(name)) return false;
    const start = startOfName(tokens, index);
    if (HARMLESS_FUNCTIONS.has(name) && (start === index || isOfSystem(tokens[start])))
      return false;
    return !isListed(tokens, start, token.text.toLowerCase(), tables);
  });
}

/** Where the qualified name begins that ends at `index`: `public.post`. */
export function startOfName(tokens: readonly Token[], index: number): number {
  let start = index;
  while (isSymbol(tokens[start - 1], '.') && tokens[start - 2]?.kind === 'word') start -= 2;
  return start;
}

/** `INSERT INTO post (…)`, `WITH recent (…) AS`, `AS t (…)`, `(VALUES …) t (…)`. */
function isListed(
  tokens: readonly Token[],
  start: number,
  name: string,
  tables: ReadonlySet<string>,
): boolean {
  const before = tokens[start - 1];
  if (tables.has(name) && isKeyword(before, 'INTO', 'REFERENCES')) return true;
  return isKeyword(before, 'AS', 'WITH', 'RECURSIVE') || isSymbol(before, ')');
}

function isOfSystem(qualifier: Token | undefined): boolean {
  return qualifier?.text.toLowerCase() === 'pg_catalog';
}
