import { library } from '@boost-tooling/tsup';

export default library(['src/index.ts'], { platform: 'node' });
