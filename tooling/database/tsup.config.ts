import { library } from '@boost-tooling/tsup';

const config: unknown = library(['src/index.ts'], { platform: 'node' });

export default config;
