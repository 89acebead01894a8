import { library } from '@boost-tooling/tsup';

const config: unknown = library(['src/index.ts', 'src/durable-object.ts'], {
  external: ['cloudflare:workers'],
});

export default config;
