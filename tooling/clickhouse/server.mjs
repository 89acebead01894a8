import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The SQL API of Analytics Engine over a ClickHouse in this process. Prints the port that it listens on. */

const [folder, token] = process.argv.slice(2);
const { Session } = createRequire(join(folder, 'package.json'))('chdb');
const session = new Session();
const PATH = /^\/accounts\/[^/]+\/analytics_engine\/sql$/;

createServer(async (request, response) => {
  const sql = await text(request);
  try {
    if (request.url === '/execute') {
      session.query(sql);
      return answer(response, 200, '');
    }
    if (request.method !== 'POST' || !PATH.test(request.url)) {
      return refuse(response, 404, 7003, 'Could not route the request');
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      return refuse(response, 401, 10000, 'Authentication error');
    }
    const { meta, data, rows } = JSON.parse(session.query(sql, 'JSON'));
    // 64 bits are texts there.
    const wide = meta.filter(({ type }) => /^U?Int64$/.test(type)).map(({ name }) => name);
    for (const row of data) for (const name of wide) row[name] = String(row[name]);
    return answer(
      response,
      200,
      JSON.stringify({ meta, data, rows, rows_before_limit_at_least: rows }),
    );
  } catch (error) {
    return refuse(response, 422, 10000, String(error));
  }
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function refuse(response, status, code, message) {
  answer(
    response,
    status,
    JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }),
  );
}
