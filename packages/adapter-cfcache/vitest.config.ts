import { workerdTests } from '@boost-tooling/vitest/workerd';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = workerdTests({ kvNamespaces: ['CACHE'] });

export default config;
