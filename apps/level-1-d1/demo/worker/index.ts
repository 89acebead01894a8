import { createInspector, type Inspector } from 'prisma-boost/inspector';
import * as cacheConfig from '../../prisma/generated/cacheConfig';
import { createApi } from '../../src/api';
import { connect, type Env } from '../../src/client';
import { both, metered } from './metered.ts';
import { onD1 } from './on-d1.ts';

interface DemoEnv extends Env {
  /** `development`: the inspector answers at `/__boost`. */
  ENVIRONMENT?: string;
}

const worker = metered<DemoEnv>(
  onD1((meters) =>
    createApi((env, ctx) => connect(env, ctx, both(meters, inspectorOf(env).hooks))),
  ),
);

export default {
  async fetch(request, env, ctx) {
    const page = await inspectorOf(env).fetch(request);
    return page ?? worker.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<DemoEnv>;

function inspectorOf({ ENVIRONMENT }: DemoEnv): Inspector {
  return createInspector({ enabled: ENVIRONMENT === 'development', config: cacheConfig });
}
