import type { Screen } from './screen.ts';
import type { Answer, Call, Server } from './server.ts';
import type { ReadReport } from './worker/report.ts';

/** What a tour has counted. */
export interface Score {
  reads: number;
  /** Reads answered from the store. */
  hits: number;
  /** Reads that shared the answer of another one under way. */
  shared: number;
  writes: number;
  /** Statements that the reads sent to the database. */
  statements: number;
  /** Statements that the same reads send to it through a client without cache. */
  plainStatements: number;
  /** Statements of the latest burst of identical reads. */
  burstStatements: number;
  /** Answers that are not those of a client without cache, and calls that ended otherwise than expected. */
  wrong: number;
}

/** Calls the worker, shows each call as a row, and compares every cached answer with the plain client's. */
export class Tour {
  readonly score: Score = {
    reads: 0,
    hits: 0,
    shared: 0,
    writes: 0,
    statements: 0,
    plainStatements: 0,
    burstStatements: 0,
    wrong: 0,
  };
  readonly #server: Server;
  readonly #screen: Screen;

  constructor(server: Server, screen: Screen) {
    this.#server = server;
    this.#screen = screen;
  }

  /** Reads one path after the other. */
  async read(...paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.#readAtOnce([{ method: 'GET', path }]);
  }

  /** Asks for one path many times at once. */
  async readTogether(times: number, path: string): Promise<void> {
    const before = { ...this.score };
    await this.#readAtOnce(Array.from({ length: times }, () => ({ method: 'GET', path })));
    const { statements, plainStatements } = this.score;
    this.score.burstStatements = statements - before.statements;
    this.#screen.line(
      `\n${times} answers, statements that reached the database: ${this.score.burstStatements}; without the cache: ${plainStatements - before.plainStatements}.`,
    );
  }

  /** Writes through the cached client, and shows what that invalidated. */
  async write(call: Call, expectedStatus = 200): Promise<void> {
    const { status, report } = await this.#server.ask(call);
    await this.#server.totals();
    this.score.writes += 1;
    const isExpected = status === expectedStatus;
    if (!isExpected) this.score.wrong += 1;
    this.#screen.row({
      operation: `${call.method} ${call.path}`,
      outcome: isExpected ? (status < 300 ? 'write' : 'failed') : 'WRONG',
      source: 'D1',
      milliseconds: report.milliseconds,
      scopes: report.invalidations.map(({ scopes }) => scopes.join(' ')).join(', then '),
      why: whyOf(status, expectedStatus),
    });
  }

  async #readAtOnce(calls: readonly Call[]): Promise<void> {
    const answers = await Promise.all(calls.map((call) => this.#server.ask(call)));
    const [call] = calls;
    if (call === undefined) return;
    // Compared when nothing of the calls before goes on any more.
    await this.#server.totals();
    const plain = await this.#server.ask(call, 'plain');
    const wrong = answers.filter(
      ({ status, body }) => status !== plain.status || body !== plain.body,
    );
    this.score.wrong += wrong.length;
    this.#count(answers, plain);
    this.#show(`GET ${call.path}`, answers, wrong.length);
  }

  #count(answers: readonly Answer[], plain: Answer): void {
    const reads = answers.flatMap(({ report }) => report.reads);
    this.score.reads += reads.length;
    this.score.hits += reads.filter((read) => outcomeOf(read) === 'hit').length;
    this.score.shared += reads.filter((read) => outcomeOf(read) === 'shared').length;
    this.score.plainStatements += answers.length * plain.report.statements;
    for (const { report } of answers) this.score.statements += report.statements;
  }

  /** One row for all that came out alike. */
  #show(operation: string, answers: readonly Answer[], wrong: number): void {
    const groups = Map.groupBy(answers, ({ report }) => outcomeOf(report.reads[0]));
    for (const [outcome, alike] of groups) {
      const read = alike[0]?.report.reads[0];
      this.#screen.row({
        operation: answers.length === 1 ? operation : `${alike.length} × ${operation}`,
        outcome: wrong > 0 ? 'WRONG' : outcome,
        source: sourceOf(read),
        milliseconds: Math.max(...alike.map(({ report }) => report.milliseconds)),
        scopes: (read?.scopes ?? []).filter((scope) => scope !== '*').join(' '),
        why: wrong > 0 ? `${wrong} differ from the plain client's` : (read?.reason ?? ''),
      });
    }
  }
}

function outcomeOf(read: ReadReport | undefined): string {
  if (read === undefined) return 'none';
  if (read.coalesced) return 'shared';
  return read.status.startsWith('hit') ? 'hit' : read.status;
}

function sourceOf(read: ReadReport | undefined): string {
  if (read?.coalesced === true) return 'isolate';
  return { 'hit-memory': 'isolate', 'hit-l2': 'KV', stale: 'KV' }[read?.status ?? ''] ?? 'D1';
}

function whyOf(status: number, expectedStatus: number): string {
  if (status !== expectedStatus) return `HTTP ${status} instead of ${expectedStatus}`;
  return status < 300 ? '' : `HTTP ${status}`;
}
