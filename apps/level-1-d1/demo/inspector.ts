import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import open from 'open';
import type { Server } from './server.ts';

/** The server, asked no faster than one can watch. */
export function paced(server: Server, pauseMs: number): Server {
  return {
    ...server,
    async ask(call, client) {
      if (client !== 'plain') await setTimeout(pauseMs);
      return server.ask(call, client);
    },
  };
}

/** Shows a page in the user's browser. Without one there is the address to go by; so there is with `BROWSER=none`. */
export async function openInBrowser(url: string): Promise<void> {
  if (process.env['BROWSER'] === 'none') return;
  try {
    const browser = await open(url);
    browser.unref();
    // What starts a browser ends with an error where there is none.
    void once(browser, 'error').then(([error]) => sayThat(error));
  } catch (error) {
    sayThat(error);
  }
}

function sayThat(error: unknown): void {
  console.log(`No browser could be opened (${String(error)}): open the address by hand.`);
}
