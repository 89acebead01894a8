import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createScreen } from './screen.ts';
import { play } from './scenario.ts';
import { openInBrowser, paced } from './inspector.ts';
import { startServer } from './server.ts';
import { summarise } from './summary.ts';
import { Tour } from './tour.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** Serves the inspector, and goes on doing so after the tour. */
    open: { type: 'boolean', default: false },
    /** With the inspector: milliseconds between two calls, time to see what each of them did. */
    pace: { type: 'string', default: '300' },
  },
});
const json = values.json === undefined ? undefined : resolve(values.json);

const screen = createScreen((text) => process.stdout.write(text));
screen.line(
  [
    'The level-1 worker in Miniflare, asked over HTTP: Prisma on D1, reads cached in KV, free tier.',
    'Scopes are what a read depends on and a write invalidates. "Post!" is all of Post.',
    'Every answer is compared with that of a client without cache over the same database.',
  ].join('\n'),
);
const server = await startServer(values.open ? { ENVIRONMENT: 'development' } : {});
const page = new URL('/__boost', server.url).href;
try {
  if (values.open) {
    screen.line(`\nThe inspector: ${page}`);
    await openInBrowser(page);
  }
  const tour = new Tour(values.open ? paced(server, Number(values.pace)) : server, screen);
  await play(tour, screen);
  screen.end();
  const totals = await server.totals();
  if (!summarise({ score: tour.score, totals, json })) process.exitCode = 1;
  if (values.open) {
    console.log(`\nThe inspector stays at ${page} until you press Ctrl-C.`);
    await once(process, 'SIGINT');
  }
} catch (error) {
  screen.end();
  console.error(server.logs().join('\n'));
  throw error;
} finally {
  await server.close();
}
