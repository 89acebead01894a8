import { library } from '@boost-tooling/tsup';
import { esbuildPage } from './page.mjs';

const config: unknown = library(['src/index.ts'], { esbuildPlugins: [esbuildPage] });

export default config;
