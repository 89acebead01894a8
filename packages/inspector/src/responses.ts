import { CONTENT_SECURITY_POLICY, HTML } from 'boost:page';

/** On every answer: nothing of it is kept, framed, guessed at, or told to other sites. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

export function pageResponse(): Response {
  const headers = {
    ...HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CONTENT_SECURITY_POLICY,
  };
  return new Response(HTML, { headers });
}

export function answer(body: unknown): Response {
  return Response.json(body, { headers: HEADERS });
}

export function plain(
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', ...more };
  return new Response(`${text}\n`, { status, headers });
}
