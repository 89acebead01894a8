export { ddlFor } from './ddl.js';
export { createLibsqlDatabase, type LibsqlDatabase, type TestDatabase } from './libsql.js';
export { startPostgres, type PostgresDatabase, type PostgresServer } from './postgres.js';
export { generateClient, type GenerateClientOptions } from './generate-client.js';
export { modelsOnly, providerOf } from './schema-text.js';
