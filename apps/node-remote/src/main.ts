import { serve } from '@hono/node-server';
import { createApi } from './api.ts';
import { createConnect } from './client.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);

serve({ fetch: createApi(createConnect(settings)).fetch, port: settings.port }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
