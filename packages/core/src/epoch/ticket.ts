/**
 * Between tickets that count together: a request that brings several, of answers that came out of order, is given what holds for
 * all of them.
 */
export const TICKET_SEPARATOR = '~';

/** Far more than a browser sends in cookies. What is longer is not ours. */
const MAX_LENGTH = 32_768;

/** The tickets of a text that may hold several. */
export function ticketsIn(text: string | undefined): string[] {
  if (text === undefined || text.length > MAX_LENGTH) return [];
  return text.split(TICKET_SEPARATOR);
}
