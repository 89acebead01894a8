import { TICKET_SEPARATOR } from '@boost/core';
import { parseCookie, stringifySetCookie } from 'cookie';

/** The header that `readTicket` reads, beside cookies. A client that has several tickets joins them with `~`. */
export const TICKET_HEADER = 'boost-ticket';

export interface TicketCookieOptions {
  /** What the names of the cookies begin with. @defaultValue `boost-ticket` */
  readonly name?: string;
  /**
   * Seconds that a cookie lives: as long as KV may take to tell every data centre of a write.
   *
   * @defaultValue 300
   */
  readonly maxAge?: number;
  /** @defaultValue `/` */
  readonly path?: string;
  /** @defaultValue the host that answers, and no other */
  readonly domain?: string;
  /** @defaultValue `lax` */
  readonly sameSite?: 'lax' | 'strict' | 'none';
  /** @defaultValue true */
  readonly secure?: boolean;
}

/** What a Request has. */
interface Asked {
  readonly headers: { get(name: string): string | null };
}

/** What the headers of a Response have. */
interface Answered {
  append(name: string, value: string): void;
}

const NAME = 'boost-ticket';

/**
 * The ticket that a request brings, of its header and of all its cookies; undefined where there is none. For `session: { ticket }`.
 *
 * A ticket that somebody made up costs whoever brings it speed, and tells nobody anything.
 */
export function readTicket(
  request: Asked,
  { name = NAME }: TicketCookieOptions = {},
): string | undefined {
  const header = request.headers.get(TICKET_HEADER);
  const tickets = [...ticketCookies(request, name).values(), ...(header === null ? [] : [header])];
  return tickets.length === 0 ? undefined : tickets.join(TICKET_SEPARATOR);
}

/**
 * Puts a ticket on a response as a cookie: `HttpOnly`, `Secure`, `SameSite=Lax` unless told otherwise.
 *
 * Each response sets a cookie of its own and removes those that its request brought, which its ticket holds. So a slow response
 * never overwrites the newer ticket of a fast one. Nothing is set where the request brought just this ticket.
 *
 * @param headers - of the response
 * @param ticket - of `$session.ticket()`, asked for after the last read or write
 */
export function setTicketCookie(
  headers: Answered,
  ticket: string,
  request: Asked,
  options: TicketCookieOptions = {},
): void {
  const { name = NAME, maxAge = 300, path = '/', sameSite = 'lax', secure = true } = options;
  const { domain } = options;
  const before = ticketCookies(request, name);
  if (ticket === '' || (before.size === 1 && [...before.values()][0] === ticket)) return;
  const set = (cookie: string, value: string, seconds: number): void => {
    const attributes = { maxAge: seconds, path, sameSite, secure, httpOnly: true };
    headers.append(
      'set-cookie',
      stringifySetCookie({
        name: cookie,
        value,
        ...attributes,
        ...(domain === undefined ? {} : { domain }),
      }),
    );
  };
  set(`${name}-${crypto.randomUUID().slice(0, 8)}`, ticket, maxAge);
  for (const cookie of before.keys()) set(cookie, '', 0);
}

/** By the name of the cookie. */
function ticketCookies({ headers }: Asked, name: string): Map<string, string> {
  const tickets = new Map<string, string>();
  for (const [cookie, value] of Object.entries(parseCookie(headers.get('cookie') ?? ''))) {
    if (cookie.startsWith(`${name}-`) && value !== undefined && value !== '')
      tickets.set(cookie, value);
  }
  return tickets;
}
