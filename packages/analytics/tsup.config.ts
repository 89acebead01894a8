import { library } from '@boost-tooling/tsup';

const config: unknown = library();

export default config;
