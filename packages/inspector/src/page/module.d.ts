/** Made by `page.mjs` of what lies beside this file. */
declare module 'boost:page' {
  /** The whole page. */
  export const HTML: string;
  /** Allows what is inline by its hash, and requests to the inspector itself. */
  export const CONTENT_SECURITY_POLICY: string;
}
