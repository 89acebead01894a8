import { library } from '@boost-tooling/tsup';

const config: unknown = library(
  [
    'src/index.ts',
    'src/adapters.ts',
    'src/analytics.ts',
    'src/coordinator.ts',
    'src/inspector.ts',
    'src/bin.ts',
  ],
  { external: ['cloudflare:workers'] },
);

export default config;
