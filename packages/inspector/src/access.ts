/** Whether a request may see the page. */
export type Access =
  | { readonly kind: 'granted' }
  /** The token came in the address, where histories keep it: go on without it, with a cookie. */
  | { readonly kind: 'exchange'; readonly location: string; readonly cookie: string }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly why: string };

const COOKIE = 'boost-inspector';
const COOKIE_SECONDS = 12 * 60 * 60;
const GRANTED: Access = { kind: 'granted' };

/**
 * Admits who brings the token: as `Authorization: Bearer`, as the cookie that it was exchanged for, or as `?token=`. Without a token
 * the request has to be to this machine.
 */
export async function admit(
  request: Request,
  token: string | undefined,
  path: string,
): Promise<Access> {
  const url = new URL(request.url);
  if (token === undefined) return isLoopback(url.hostname) ? GRANTED : refused(403, NO_TOKEN);
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined && (await isSame(bearer, token))) return GRANTED;
  const cookie = await cookieOf(token);
  const own = cookieIn(request.headers.get('cookie') ?? '');
  if (own !== undefined && (await isSame(own, cookie))) return GRANTED;
  const given = url.searchParams.get('token');
  if (given === null) return refused(401, NONE_GIVEN);
  if (!(await isSame(given, token))) return refused(401, WRONG);
  const isSecure = url.protocol === 'https:';
  return {
    kind: 'exchange',
    location: path,
    cookie: `${COOKIE}=${cookie}; Path=${path}; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
  };
}

const NO_TOKEN =
  'The inspector has no token, and then answers on localhost only: give createInspector a token to look from elsewhere.';
const NONE_GIVEN =
  'The inspector wants its token: add ?token=… to the address, or send it as "Authorization: Bearer …".';
const WRONG = 'This is not the token of the inspector.';

function refused(status: 401 | 403, why: string): Access {
  return { kind: 'refused', status, why };
}

/** The host that was asked for: a page that makes a foreign name point to this machine does not get by. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function cookieIn(header: string): string | undefined {
  for (const part of header.split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}

/** Opens the page as the token does, and does not tell it. */
async function cookieOf(token: string): Promise<string> {
  const digest = await digestOf(`cookie of ${token}`);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Takes as long for every text of a length: digests are compared, all of their bytes. */
async function isSame(given: string, wanted: string): Promise<boolean> {
  const [a, b] = await Promise.all([digestOf(given), digestOf(wanted)]);
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
