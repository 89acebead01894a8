import type { Inspector } from '../../src/index.js';

/** The answer, which there must be. */
export async function ask(
  inspector: Inspector,
  url: string,
  init?: RequestInit,
): Promise<Response> {
  const response = await inspector.fetch(new Request(url, init));
  if (response === undefined) throw new Error(`${url} was left to the application`);
  return response;
}

/** What `/__boost/WHAT` says, asked from this machine. */
export async function told<Reply>(inspector: Inspector, what: string): Promise<Reply> {
  const response = await ask(inspector, `http://localhost:8787/__boost/${what}`);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
