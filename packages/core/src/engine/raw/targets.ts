import { isKeyword, isSymbol, type Token } from './tokens.js';

/** Words between the verb and the table that it changes. */
const BETWEEN = ['ONLY', 'IGNORE', 'LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'QUICK', 'TABLE'];
const CONFLICTS = ['ROLLBACK', 'ABORT', 'REPLACE', 'FAIL', 'IGNORE'];

/**
 * Whether every table that the statement changes is one of the schema's. One that is not may be a partition, a view or another
 * name of one that is.
 *
 * @param tables - names of models and tables, in lower case
 */
export function changesOnly(tokens: readonly Token[], tables: ReadonlySet<string>): boolean {
  return tokens.every((_, index) => {
    if (!isVerb(tokens, index)) return true;
    const name = nameAfter(tokens, index + 1);
    return name !== null && tables.has(name.toLowerCase());
  });
}

/** Whether the table that is changed follows here: after `INTO`, `UPDATE` (not `FOR UPDATE`, `DO UPDATE SET`), `DELETE FROM`. */
function isVerb(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (isKeyword(token, 'INTO')) return true;
  if (isKeyword(token, 'UPDATE')) {
    const isInsert =
      isKeyword(tokens[index - 1], 'KEY') && isKeyword(tokens[index - 2], 'DUPLICATE');
    return !isInsert && !isLock(tokens, index) && !isKeyword(tokens[index + 1], 'SET');
  }
  // Without FROM (SQL Server, and MySQL's deletes from several tables) the next word is no table, or not the only one.
  if (!isKeyword(token, 'DELETE')) return false;
  return !isKeyword(tokens[index - 1], 'THEN');
}

/** `FOR UPDATE`, `FOR NO KEY UPDATE`: rows are locked, not changed. */
export function isLock(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (isKeyword(before, 'FOR')) return true;
  return (
    isKeyword(before, 'KEY') &&
    isKeyword(tokens[index - 2], 'NO') &&
    isKeyword(tokens[index - 3], 'FOR')
  );
}

/** The last part of the qualified name that follows; null where there are several names, or none. */
function nameAfter(tokens: readonly Token[], from: number): string | null {
  let index = from;
  if (isKeyword(tokens[index], 'FROM')) index += 1;
  while (isKeyword(tokens[index], ...BETWEEN)) index += 1;
  if (isKeyword(tokens[index], 'OR') && isKeyword(tokens[index + 1], ...CONFLICTS)) index += 2;
  let name = tokens[index];
  while (isSymbol(tokens[index + 1], '.')) {
    index += 2;
    name = tokens[index];
  }
  return name?.kind === 'word' && !isSymbol(tokens[index + 1], ',') ? name.text : null;
}
