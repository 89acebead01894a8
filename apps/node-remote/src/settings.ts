/** What the server takes from its environment. */
export interface Settings {
  readonly accountId: string;
  readonly namespaceId: string;
  readonly apiToken: string;
  /** Another address of the API, as in development. */
  readonly accountUrl: string | undefined;
  readonly databaseUrl: string;
  readonly port: number;
}

/** @throws Error that names the variable that is missing */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const required = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') {
      throw new Error(`${name} is not set: see README.md, or start with "pnpm dev"`);
    }
    return value;
  };
  return {
    accountId: required('CF_ACCOUNT_ID'),
    namespaceId: required('CF_NAMESPACE_ID'),
    apiToken: required('CF_API_TOKEN'),
    accountUrl: env['CF_ACCOUNT_URL'],
    databaseUrl: required('DATABASE_URL'),
    port: Number(env['PORT'] ?? 3000),
  };
}
