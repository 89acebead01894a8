import { library } from '@boost-tooling/tsup';

const config: unknown = library(['src/index.ts', 'src/testing.ts']);

export default config;
