import type { Provider } from '../../schema/schema.js';

/** A piece of a statement that decides what it does; comments are left out, literals and parameters are the symbol `?`. */
export type Token =
  /** In upper case where it is not quoted. */
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'symbol'; readonly text: string };

type PieceKind = 'skip' | 'literal' | 'word' | 'quoted' | 'symbol';
type Pieces = readonly (readonly [RegExp, PieceKind])[];

/**
 * What all databases read alike, tried in this order. A backslash before a quote ends a text in one database and not in
 * another: such a text is no piece.
 */
const PIECES: Pieces = [
  [/\s+/y, 'skip'],
  [/[eE]'(?:[^'\\]|\\.|'')*'/sy, 'literal'],
  [/(?:[bBnNxX]|_\w+)?'(?:[^'\\]|\\(?!')|'')*'/sy, 'literal'],
  [/"(?:[^"\\]|\\(?!")|"")*"|`(?:[^`]|``)*`/sy, 'quoted'],
  [/[\p{L}_][\p{L}\p{N}_$]*/uy, 'word'],
  [/[$@:?]\w*|\d[\w.]*/y, 'literal'],
  [/./suy, 'symbol'],
];
const LINE_COMMENT: Pieces = [[/--[^\n\r]*/y, 'skip']];
/** In MySQL two dashes without a blank after them are two minus signs. */
const MYSQL_LINE_COMMENT: Pieces = [[/--(?=\s|$)[^\n\r]*/y, 'skip']];
const DOLLAR_QUOTE: Pieces = [[/(\$(?:[A-Za-z_]\w*)?\$).*?\1/sy, 'literal']];
const BRACKETED: Pieces = [[/\[[A-Za-z_][^\]]*\]/y, 'quoted']];

const DIALECTS: Readonly<Record<Provider, Pieces>> = {
  postgresql: [...LINE_COMMENT, ...DOLLAR_QUOTE, ...PIECES],
  cockroachdb: [...LINE_COMMENT, ...DOLLAR_QUOTE, ...PIECES],
  sqlite: [...LINE_COMMENT, ...BRACKETED, ...PIECES],
  sqlserver: [...LINE_COMMENT, ...BRACKETED, ...PIECES],
  mysql: [...MYSQL_LINE_COMMENT, ...PIECES],
  mongodb: PIECES,
};

/** MySQL's executable comments, PostgreSQL's escaped Unicode: what is executed is not what is written. */
const DISGUISED = /\/\*M?!|[uU]&['"]/;

/** The tokens of a statement; null where it cannot be told for sure where its texts and comments end. */
export function tokenize(sql: string, provider: Provider): readonly Token[] | null {
  if (DISGUISED.test(sql)) return null;
  const unclosed = provider === 'mysql' ? `'"\`#` : `'"\``;
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2);
      // Comments inside of comments end at different places in different databases.
      if (end < 0 || sql.slice(at + 2, end).includes('/*')) return null;
      at = end + 2;
      continue;
    }
    const piece = pieceAt(sql, at, DIALECTS[provider]);
    if (piece === null) return null;
    const { text, kind } = piece;
    at += text.length;
    if (kind === 'word') tokens.push({ kind, text: text.toUpperCase(), quoted: false });
    else if (kind === 'quoted')
      tokens.push({ kind: 'word', text: text.slice(1, -1), quoted: true });
    else if (kind === 'literal') tokens.push({ kind: 'symbol', text: '?' });
    else if (kind === 'symbol') {
      if (unclosed.includes(text)) return null;
      tokens.push({ kind, text });
    }
  }
  return tokens;
}

function pieceAt(
  sql: string,
  at: number,
  pieces: Pieces,
): { readonly text: string; readonly kind: PieceKind } | null {
  for (const [pattern, kind] of pieces) {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { text, kind };
  }
  return null;
}

/** Whether the token is this keyword. */
export function isKeyword(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && !token.quoted && keywords.includes(token.text);
}

export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}
