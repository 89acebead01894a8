import type { Schema } from '../../schema/schema.js';
import { callsUnknown } from './calls.js';
import { changesOnly, isLock } from './targets.js';
import { isKeyword, isSymbol, tokenize, type Token } from './tokens.js';

/** What a raw statement may change. */
export type RawEffect =
  | { readonly kind: 'nothing' }
  /** Rows of these models, and whatever their referential actions reach. */
  | { readonly kind: 'models'; readonly models: readonly string[] }
  | { readonly kind: 'everything' };

type Kind = RawEffect['kind'];

const READS = ['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'DESC'];
const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'MERGE'];
/** Settings, statistics, and the borders of transactions at which nothing is decided. */
const HARMLESS = [
  'SET',
  'RESET',
  'BEGIN',
  'START',
  'SAVEPOINT',
  'RELEASE',
  'LISTEN',
  'UNLISTEN',
  'NOTIFY',
  'ANALYZE',
  'VACUUM',
];
const ASKING_PRAGMAS = [
  'TABLE_INFO',
  'TABLE_XINFO',
  'TABLE_LIST',
  'INDEX_LIST',
  'INDEX_INFO',
  'INDEX_XINFO',
  'FOREIGN_KEY_LIST',
  'FOREIGN_KEY_CHECK',
  'INTEGRITY_CHECK',
  'QUICK_CHECK',
];
/** Words that a statement which only reads does not have outside of quotes. */
const CHANGING =
  /^(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|DROP|ALTER|CREATE|INTO|CALL|EXEC|EXECUTE|DO|COPY|GRANT|REVOKE|LOAD|OPENQUERY|OPENROWSET)$/;

/**
 * What a raw statement may change, from its text: nothing when it surely only reads, else every model whose table or name
 * occurs in it as a word, quoted or not, in any case; everything when none does, or when it does what its words do not tell:
 * definitions, procedures, functions that are not known to be harmless, tables that the schema does not have.
 */
export function rawEffect(schema: Schema, sql: string): RawEffect {
  const tokens = tokenize(sql, schema.provider);
  if (tokens === null) return { kind: 'everything' };
  const models = modelsIn(schema, sql);
  const tables = new Set(models.flatMap((name) => [name, schema.model(name).dbName]).map(lower));
  const statements = split(tokens);
  // No text is no statement that anybody sends: whoever asks does not know it.
  if (statements.length === 0) return { kind: 'everything' };
  const kinds = statements.map((statement) => kindOf(statement, tables));
  if (kinds.includes('everything')) return { kind: 'everything' };
  if (!kinds.includes('models')) return { kind: 'nothing' };
  // What a view stands for is not in the schema.
  const isKnown = models.length > 0 && models.every((name) => schema.model(name).kind !== 'view');
  return isKnown ? { kind: 'models', models } : { kind: 'everything' };
}

/** Every model, join tables included, whose name or table occurs in the text, in comments and literals too. */
function modelsIn(schema: Schema, sql: string): readonly string[] {
  const text = lower(sql);
  return schema.modelNames.filter(
    (name) => occurs(text, lower(name)) || occurs(text, lower(schema.model(name).dbName)),
  );
}

const WORD_CHARACTER = /[\p{L}\p{N}_$]/u;

function occurs(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (!WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after)) return true;
  }
  return false;
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (isSymbol(token, ';')) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

function kindOf(tokens: readonly Token[], tables: ReadonlySet<string>): Kind {
  const first = tokens.find((token) => !isSymbol(token, '('));
  if (isKeyword(first, 'PRAGMA')) return isQuestion(tokens) ? 'nothing' : 'everything';
  if (callsUnknown(tokens, tables) || !changesOnly(tokens, tables)) return 'everything';
  const changes = tokens.some((token, index) => isChanging(token) && !isLock(tokens, index));
  if (isKeyword(first, ...WRITES)) return 'models';
  if (isKeyword(first, ...READS)) return changes ? 'models' : 'nothing';
  if (isKeyword(first, ...HARMLESS)) return changes ? 'everything' : 'nothing';
  if (isKeyword(first, 'EXPLAIN')) {
    // It runs the statement only when it is to measure it.
    const runs = tokens.some((token) => isKeyword(token, 'ANALYZE', 'ANALYSE'));
    return runs && changes ? 'models' : 'nothing';
  }
  return 'everything';
}

/** `PRAGMA table_info(post)` asks, and so does `PRAGMA user_version`; with `=` a setting is made. */
function isQuestion(tokens: readonly Token[]): boolean {
  return tokens.length === 2 || isKeyword(tokens[1], ...ASKING_PRAGMAS);
}

function isChanging(token: Token): boolean {
  return token.kind === 'word' && !token.quoted && CHANGING.test(token.text);
}

function lower(text: string): string {
  return text.toLowerCase();
}
