import { library } from '@boost-tooling/tsup';

const config: unknown = library(['src/index.ts', 'src/bin.ts']);

export default config;
