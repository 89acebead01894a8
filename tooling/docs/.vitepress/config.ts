import { defineConfig } from 'vitepress';
import { drawDiagrams } from '../src/diagrams.ts';
import { sidebar } from '../src/sidebar.ts';

export default defineConfig({
  title: 'Boost',
  description: 'Caching for Prisma on Cloudflare Workers, with invalidation that is exact',
  lang: 'en',
  srcDir: 'dist/pages',
  outDir: 'dist/site',
  cacheDir: 'dist/cache',
  cleanUrls: true,
  markdown: { config: drawDiagrams },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar: sidebar(),
  },
});
