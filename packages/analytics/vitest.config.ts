import { workerdTests } from '@boost-tooling/vitest/workerd';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = workerdTests({
  kvNamespaces: ['CACHE'],
  analyticsEngineDatasets: {
    CACHE_ANALYTICS: { dataset: 'cachePerformance' },
    CACHE_INVALIDATION_EVENTS: { dataset: 'cacheInvalidationEvents' },
  },
});

export default config;
