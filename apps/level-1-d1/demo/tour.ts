import type { Answer, Call, Server } from './server.ts';
import type { ReadReport } from './worker/report.ts';
import type { Row, Screen } from './screen.ts';

/** What a tour has counted. */
export interface Score {
  reads: number;
  hits: number;
  /** Reads that shared the answer of another one. */
  coalesced: number;
  writes: number;
  /** Statements that the reads sent to the database. */
  statements: number;
  /** Statements that the same reads sent to it through the plain client. */
  plainStatements: number;
  /** Most statements for one burst of identical reads, beyond those of a single one. */
  extraStatements: number;
  wrong: number;
}

/** Calls the worker, shows each call as a row, and compares every cached answer with the plain client's. */
export class Tour {
  readonly score: Score = {
    reads: 0,
    hits: 0,
    coalesced: 0,
    writes: 0,
    statements: 0,
    plainStatements: 0,
    extraStatements: 0,
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
    for (const path of paths) {
      const call: Call = { method: 'GET', path };
      const answer = await this.#server.ask(call);
      const plain = await this.#settledPlain(call);
      const correct = this.#compare([answer], plain);
      this.#screen.row(readRow(`GET ${path}`, answer, correct));
    }
  }

  /** Asks for one path many times at once. */
  async readTogether(times: number, path: string): Promise<void> {
    const call: Call = { method: 'GET', path };
    const answers = await Promise.all(Array.from({ length: times }, () => this.#server.ask(call)));
    const plain = await this.#settledPlain(call);
    const correct = this.#compare(answers, plain);
    const statements = sum(answers.map(({ report }) => report.statements));
    const extra = statements - plain.report.statements;
    this.score.extraStatements = Math.max(this.score.extraStatements, extra);
    const slowest = Math.max(...answers.map(({ report }) => report.milliseconds));
    const statuses = Map.groupBy(
      answers.flatMap(({ report }) => report.reads),
      describe,
    );
    for (const [status, reads] of statuses) {
      this.#screen.row({
        operation: `${reads.length} × GET ${path}`,
        outcome: status,
        source: sourceOf(reads[0]),
        milliseconds: slowest,
        scopes: reads[0]?.scopes ?? [],
        note: correct ? '' : 'WRONG ANSWER',
      });
    }
    this.#screen.line(
      `${times} answers, ${statements} database ${statements === 1 ? 'statement' : 'statements'}; without the cache ${times * plain.report.statements}.`,
    );
  }

  /** Writes through the cached client, and shows what that invalidated. */
  async write(call: Call, expectedStatus = 200): Promise<void> {
    const answer = await this.#server.ask(call);
    await this.#server.totals();
    this.score.writes += 1;
    const expected = answer.status === expectedStatus;
    if (!expected) this.score.wrong += 1;
    const status = expectedStatus < 300 && expected ? '' : `HTTP ${answer.status}`;
    this.#screen.row({
      operation: `${call.method} ${call.path}`,
      outcome: answer.status < 300 ? 'write' : 'failed',
      source: 'D1',
      milliseconds: answer.report.milliseconds,
      scopes: answer.report.invalidations.flatMap(({ scopes }) => scopes),
      note: [status, 'invalidates'].filter((part) => part !== '').join(', '),
    });
  }

  /** The plain client's answer, asked when nothing of the calls before goes on any more. */
  async #settledPlain(call: Call): Promise<Answer> {
    await this.#server.totals();
    return this.#server.ask(call, 'plain');
  }

  #compare(answers: readonly Answer[], plain: Answer): boolean {
    const wrong = answers.filter(
      ({ status, body }) => status !== plain.status || body !== plain.body,
    );
    const reads = answers.flatMap(({ report }) => report.reads);
    this.score.reads += reads.length;
    this.score.hits += reads.filter(isHit).length;
    this.score.coalesced += reads.filter(({ coalesced }) => coalesced).length;
    this.score.statements += sum(answers.map(({ report }) => report.statements));
    this.score.plainStatements += answers.length * plain.report.statements;
    this.score.wrong += wrong.length;
    return wrong.length === 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function isHit({ status }: ReadReport): boolean {
  return status.startsWith('hit');
}

function describe(read: ReadReport): string {
  if (isHit(read)) return 'hit';
  return read.coalesced ? 'shared' : read.status;
}

function sourceOf(read: ReadReport | undefined): string {
  if (read === undefined) return '';
  if (read.coalesced) return 'isolate';
  return { 'hit-memory': 'isolate', 'hit-l2': 'KV', stale: 'KV' }[read.status] ?? 'D1';
}

function readRow(operation: string, answer: Answer, correct: boolean): Row {
  const [read] = answer.report.reads;
  return {
    operation,
    outcome: read === undefined ? '' : describe(read),
    source: sourceOf(read),
    milliseconds: answer.report.milliseconds,
    scopes: read?.scopes ?? [],
    note: correct ? (read?.reason ?? '') : 'WRONG ANSWER',
  };
}
