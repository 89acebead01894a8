import type { cloudflareTest } from '@cloudflare/vitest-plugin';
import type { TestUserConfig, ViteUserConfig } from 'vitest/config';

type Options = Extract<Parameters<typeof cloudflareTest>[0], { readonly miniflare?: unknown }>;

/** Tests of a package that run in workerd, with the bindings that Miniflare's options give. */
export function workerdTests(
  miniflare?: Options['miniflare'],
  test?: TestUserConfig,
): ViteUserConfig;
