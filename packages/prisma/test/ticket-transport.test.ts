import { parseSetCookie } from 'cookie';
import { describe, expect, it } from 'vitest';
import { TICKET_HEADER, readTicket, setTicketCookie } from '../src/index.js';

/** What a browser does with the cookies of one host, as far as it matters here. */
class Browser {
  readonly cookies = new Map<string, string>();

  request(headers: Record<string, string> = {}): Request {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Request('https://example.com/', { headers: { cookie, ...headers } });
  }

  receive(headers: Headers): void {
    for (const text of headers.getSetCookie()) {
      const { name, value = '', maxAge } = parseSetCookie(text);
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

function answer(request: Request, ticket: string): Headers {
  const headers = new Headers();
  setTicketCookie(headers, ticket, request);
  return headers;
}

describe('a ticket in a cookie', () => {
  it('comes back with the next request', () => {
    const browser = new Browser();
    expect(readTicket(browser.request())).toBeUndefined();
    browser.receive(answer(browser.request(), 'k1.abc'));
    expect(readTicket(browser.request())).toBe('k1.abc');
  });

  it('is out of reach of scripts, other sites and plain HTTP, and lives as long as it is needed', () => {
    const [text = ''] = answer(new Browser().request(), 'k1.abc').getSetCookie();
    expect(parseSetCookie(text)).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
      path: '/',
      maxAge: 300,
    });
    expect(parseSetCookie(text)).not.toHaveProperty('domain');
  });

  it('slow response overwriting a newer cookie: both tickets count until a later one holds them', () => {
    const browser = new Browser();
    const [slow, fast] = [browser.request(), browser.request()];
    const late = answer(slow, 'k1.1');
    browser.receive(answer(fast, 'k1.2'));
    browser.receive(late);
    const next = browser.request();
    expect(readTicket(next)?.split('~').sort()).toEqual(['k1.1', 'k1.2']);
    browser.receive(answer(next, 'k1.3'));
    expect(readTicket(browser.request())).toBe('k1.3');
    expect(browser.cookies.size).toBe(1);
  });

  it('removes no cookie that it did not know', () => {
    const browser = new Browser();
    browser.receive(answer(browser.request(), 'k1.1'));
    const slow = browser.request();
    browser.receive(answer(browser.request(), 'k1.2'));
    browser.receive(answer(slow, 'k1.3'));
    expect(readTicket(browser.request())?.split('~').sort()).toEqual(['k1.2', 'k1.3']);
  });

  it('is not set again when nothing has changed, nor when there is nothing to tell', () => {
    const browser = new Browser();
    expect(answer(browser.request(), '').getSetCookie()).toEqual([]);
    browser.receive(answer(browser.request(), 'k1.1'));
    expect(answer(browser.request(), 'k1.1').getSetCookie()).toEqual([]);
  });

  it('leaves cookies of others alone', () => {
    const browser = new Browser();
    browser.cookies.set('boost-ticketing', 'theirs').set('id', 'k1.9');
    expect(readTicket(browser.request())).toBeUndefined();
    browser.receive(answer(browser.request(), 'k1.1'));
    browser.receive(answer(browser.request(), 'k1.2'));
    expect(browser.cookies.size).toBe(3);
  });
});

describe('a ticket in a header', () => {
  it('counts beside those of cookies', () => {
    const browser = new Browser();
    browser.receive(answer(browser.request(), 'k1.1'));
    const request = browser.request({ [TICKET_HEADER]: 'k1.2' });
    expect(readTicket(request)?.split('~').sort()).toEqual(['k1.1', 'k1.2']);
  });
});
