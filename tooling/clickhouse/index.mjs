import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));
/** With it comes the version of ClickHouse. */
const CHDB = '3.4.0';
const TOKEN = 'a-token-of-the-tests';
const COLUMNS = Array.from({ length: 20 }, (_, at) => at + 1);

export async function startClickHouse() {
  const server = spawn(
    process.execPath,
    [join(HERE, 'server.mjs'), await installClickHouse(), TOKEN],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [port] = await Promise.race([
    once(server.stdout, 'data'),
    once(server, 'exit').then(([code]) => {
      throw new Error(`ClickHouse ended with ${code} before it listened`);
    }),
  ]);
  const url = `http://127.0.0.1:${String(port).trim()}`;
  const execute = async (sql) => {
    const response = await fetch(`${url}/execute`, { method: 'POST', body: sql });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    url,
    token: TOKEN,
    async createDataset(name) {
      const blobs = COLUMNS.map((column) => `blob${column} String`);
      const doubles = COLUMNS.map((column) => `double${column} Float64`);
      await execute(`DROP TABLE IF EXISTS ${name}`);
      await execute(
        `CREATE TABLE ${name} (dataset String, timestamp DateTime('UTC'), index1 String, _sample_interval UInt32, ${[...blobs, ...doubles].join()}) ENGINE = Memory`,
      );
    },
    async insert(dataset, rows) {
      const lines = rows.map((row) => JSON.stringify(columnsOf(dataset, row)));
      await execute(`INSERT INTO ${dataset} FORMAT JSONEachRow ${lines.join('\n')}`);
    },
    async stop() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

function columnsOf(dataset, { point, timestamp, sampleInterval = 1 }) {
  const named = (name, values) => values.map((value, at) => [`${name}${at + 1}`, value]);
  return {
    dataset,
    timestamp: timestamp.toISOString().slice(0, 19).replace('T', ' '),
    _sample_interval: sampleInterval,
    ...Object.fromEntries([
      ...named('index', point.indexes),
      ...named('blob', point.blobs),
      ...named('double', point.doubles),
    ]),
  };
}

export async function hasClickHouse() {
  try {
    await installClickHouse();
    return true;
  } catch (error) {
    console.warn(`The tests against ClickHouse are left out: ${String(error)}`);
    return false;
  }
}

export async function installClickHouse() {
  // Another version is another folder.
  const folder = join(CACHE, `clickhouse-${CHDB}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  const manifest = { name: 'boost-clickhouse', private: true, dependencies: { chdb: CHDB } };
  await writeFile(join(making, 'package.json'), JSON.stringify(manifest));
  const npm = spawn('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: making,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(npm, 'exit');
  if (code !== 0) {
    await rm(making, { recursive: true, force: true });
    throw new Error(`npm install of ClickHouse ended with ${code}`);
  }
  try {
    await rename(making, folder);
  } catch (error) {
    // Another test was faster.
    await rm(making, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
