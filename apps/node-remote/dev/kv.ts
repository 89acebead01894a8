import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

export interface LocalKV {
  /** For CF_ACCOUNT_URL. */
  readonly accountUrl: string;
  stop(): Promise<void>;
}

/** A KV namespace on this machine, behind the API that Miniflare serves. */
export async function startKV(namespaceId: string): Promise<LocalKV> {
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
