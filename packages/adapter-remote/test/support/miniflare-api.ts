import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

export interface MiniflareApi {
  readonly accountUrl: string;
  stop(): Promise<void>;
}

/** The part of Cloudflare's API that Miniflare serves itself, over a KV of its own. */
export async function startMiniflareApi(namespaceId: string): Promise<MiniflareApi> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: 'export default { fetch: () => new Response(null, { status: 404 }) };',
      kvNamespaces: { CACHE: namespaceId },
      unsafeLocalExplorer: true,
    }),
  );
  const url = await miniflare.ready;
  return {
    accountUrl: new URL('cdn-cgi/local/explorer/api', url).href,
    stop: () => miniflare.dispose(),
  };
}
