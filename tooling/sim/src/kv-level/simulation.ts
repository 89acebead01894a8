import { Random } from '@boost-tooling/fuzz/random';
import type { Packages } from '../build.ts';
import type { Checker } from '../checkers.ts';
import { ColoCaches } from '../colo-caches.ts';
import { Database, DatabaseError } from '../database.ts';
import { History } from '../history.ts';
import { Isolate, Request } from '../isolate.ts';
import { Known } from '../known.ts';
import { KV } from '../kv.ts';
import { drawWrite, readsOf, type Read } from '../operations.ts';
import type { Outcome, Run, Violation } from '../outcome.ts';
import { Scheduler } from '../scheduler.ts';
import { scribble } from '../scribble.ts';
import { storeOf } from '../store.ts';
import { textOf } from '../text.ts';
import { Timeline } from '../timeline.ts';
import { Client, WRITE_DEADLINE_MS } from './client.ts';
import { drawSettings } from './draw-settings.ts';
import type { Settings } from './settings.ts';

/** Milliseconds after which KV is taken to have told everyone; tickets count for so long. */
const PROPAGATION_MS = 300_000;
/** A request takes no longer than its database, its time-outs and its turns of waiting for another together. */
const LONGEST_READ_MS = 60_000;
/** A ticket tells when the database was read for an answer, and counts for so long after that. */
const RECENT_MS = 10_000;
/** Entries are judged by a clock that may be off, after waiting for another read. */
const TTL_SLACK_MS = 12_000;

/** A read may join one that is under way, which does not know of what happened since it began. */
const MAX_JOIN_AGE_MS = 10_000;
/** What the database takes when nothing is wrong with it. */
const LONGEST_STATEMENT_MS = 50;
/** How long the bump of a key may be retried, at one put a second. */
const RETRIES_MS = 26_000;

interface User {
  readonly name: string;
  /** Of responses that no request since has brought back. */
  tickets: readonly Ticket[];
  lastWriteMs: number;
}

interface Ticket {
  readonly text: string;
  /** Own writes that it vouches for, until KV is taken to have told everyone. */
  readonly wrote: Known;
  /** By version and query, what the session was given lately, and when. */
  readonly saw: ReadonlyMap<string, Seen>;
}

interface Seen {
  readonly commit: number;
  readonly atMs: number;
}

interface Active {
  readonly user: User;
  readonly request: Request;
  readonly client: Client;
  /** What this client's own writes changed. */
  readonly own: Known;
  readonly brought: readonly Ticket[];
  /** Own writes that they vouch for. */
  readonly vouched: Known;
  /** The answers that it was given. */
  readonly seen: Known;
  /** Of those, and of what the tickets tell, the ones whose database read was recent; by version and query. */
  readonly recent: Map<string, Seen>;
  /** Of the application: the queries of another are other queries. */
  readonly version: string;
}

interface Publication {
  readonly query: string;
  readonly commit: number;
  /** When everyone has been told. */
  readonly atMs: number;
}

/** One run: everything that happens follows from its seed. */
export class KVSimulation implements Run {
  readonly settings: Settings;
  readonly #packages: Packages;
  readonly #seed: number;
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  readonly #kv: KV;
  readonly #caches: ColoCaches;
  readonly #database: Database;
  readonly #history = new History();
  readonly #reads: ReadonlyMap<string, Read>;
  /** The queries that users ask. */
  readonly #asked: readonly string[];
  readonly #isolates: Isolate[] = [];
  /** What was acknowledged in each isolate. */
  readonly #isolateKnown = new Map<Isolate, Known>();
  readonly #published: Publication[] = [];
  readonly #pending = new Map<symbol, { readonly what: string; readonly request: Request }>();
  readonly #timeline: Timeline;
  readonly #faults = { crash: 0, refused: 0, unknown: 0, incomplete: 0 };
  #violation: Violation | undefined;
  /** The newest commit of the seeding. */
  #seeded = 0;
  #values = 0;
  #operations = 0;
  #hits = 0;

  constructor(packages: Packages, seed: number, isTold: boolean) {
    this.#packages = packages;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.settings = drawSettings(this.#random);
    this.#scheduler = new Scheduler(this.#random);
    this.#timeline = new Timeline(this.#scheduler, isTold);
    this.#kv = new KV(this.#scheduler, this.#random, this.settings);
    this.#caches = new ColoCaches(this.#random, this.settings.faults);
    this.#reads = readsOf(this.settings);
    const { queries } = this.settings;
    this.#asked = this.#random.sample([...this.#reads.keys()], queries, queries);
    packages.install({
      now: () => Request.current.ports.clock.now(),
      cache: () => this.#caches.current(),
    });
    this.#database = new Database(() => this.#committed());
    const { colos, isolatesPerColo } = this.settings;
    for (let colo = 0; colo < colos; colo++) {
      for (let n = 0; n < isolatesPerColo; n++) this.#startIsolate(colo);
    }
    const { items, groups } = this.settings;
    for (let id = 1; id <= groups; id++) {
      this.#database.write('Group', 'create', { data: { id, name: 'first' } });
    }
    for (let id = 1; id <= items; id++) {
      const groupId = this.#random.int(1, groups);
      this.#database.write('Item', 'create', { data: { id, value: 'first', groupId } });
    }
    this.#seeded = this.#history.last;
  }

  async run(): Promise<Outcome> {
    const users = Array.from({ length: this.settings.users }, (_, index) => this.#user(index));
    const served = Promise.all(users.map((user) => this.#serveAll(user)));
    void served.catch((error: unknown) => this.#report('rejected', String(error)));
    await this.#scheduler.run(24 * 3_600_000);
    const unanswered = [...this.#pending.values()].find(({ request }) => !request.wasKilled);
    if (unanswered !== undefined) this.#report('unanswered', unanswered.what);
    if (this.#violation === undefined) await this.#visit(this.#lookAgain());
    if (this.#violation === undefined) await this.#visit(this.#checkHits());
    return {
      seed: this.#seed,
      settings: this.settings,
      violation: this.#violation,
      timeline: this.#timeline.lines,
      operations: this.#operations,
      hits: this.#hits,
      faults: { ...this.#kv.counts, ...this.#caches.counts, ...this.#faults },
    };
  }

  #user(index: number): User {
    const name = `user ${String(index + 1)}`;
    return { name, tickets: [], lastWriteMs: 0 };
  }

  /** A user's requests, each anywhere; sometimes two at a time. */
  async #serveAll(user: User): Promise<void> {
    const { thinkMs, requestsPerUser } = this.settings;
    for (let n = 1; n <= requestsPerUser && this.#violation === undefined; n++) {
      const names = [`${user.name}, request ${String(n)}`];
      if (this.#random.chance(0.15)) names.push(`${user.name}, request ${String(n)} b`);
      await Promise.all(names.map((name) => this.#serveOne(user, name)));
      await this.#sleep(this.#random.int(0, thinkMs));
    }
  }

  async #serveOne(user: User, name: string): Promise<void> {
    const active = this.#open(user, name);
    await Promise.race([this.#serve(active), this.#death(active.request)]);
    if (active.request.alive) this.#handOver(active);
    active.request.end();
  }

  /** The response carries a ticket to the next request, in the place of those that its request brought. */
  #handOver({ user, client, brought, own, recent }: Active): void {
    if (this.settings.granularity === 'model') return;
    const text = client.session.ticket();
    if (text === '') return;
    const wrote = new Known();
    for (const ticket of brought) wrote.addAll(ticket.wrote);
    wrote.addAll(own);
    const others = user.tickets.filter((ticket) => !brought.includes(ticket));
    user.tickets = [...others, { text, wrote, saw: new Map(recent) }];
  }

  /** Resolves when a request has died; not if nothing ever dies. */
  #death(request: Request): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (request.alive) this.#scheduler.at(1_000, look);
        else resolve();
      };
      if (this.settings.faults.crash > 0) look();
    });
  }

  #open(
    user: User,
    name: string,
    isolate: Isolate = this.#random.pick(this.#isolates),
    version: string = this.#random.chance(0.1) ? 'v2' : 'v1',
  ): Active {
    const request = new Request({
      name,
      isolate,
      scheduler: this.#scheduler,
      random: this.#random,
    });
    this.#log(name, () => `begins in ${isolate.name}, ${version}`);
    const { tickets: brought } = user;
    const { nowMs } = this.#scheduler;
    const vouched = new Known();
    const seen = new Known();
    const recent = new Map<string, Seen>();
    const boundMs = PROPAGATION_MS - LONGEST_READ_MS;
    for (const { wrote, saw } of brought) {
      if (nowMs - user.lastWriteMs < boundMs) vouched.addAll(wrote);
      for (const [key, one] of saw) {
        if (nowMs - one.atMs > boundMs) continue;
        const [of, query = ''] = key.split(': ');
        if (of === version) seen.add(query, one.commit);
        if ((recent.get(key)?.commit ?? 0) <= one.commit) recent.set(key, one);
      }
    }
    const client = new Client({
      packages: this.#packages,
      request,
      adapter: storeOf(this.#packages, this.#kv, request, this.settings.isTwoTier),
      database: this.#database,
      random: this.#random,
      settings: this.settings,
      ticket: brought.length === 0 ? undefined : brought.map(({ text }) => text).join('~'),
      version,
      lastCommit: () => this.#history.last,
      onEvent: (text) => this.#log(name, () => text),
    });
    return { user, request, client, brought, own: new Known(), vouched, seen, recent, version };
  }

  async #serve(active: Active): Promise<void> {
    const operations = this.#random.int(1, 8);
    for (let n = 0; n < operations && this.#violation === undefined; n++) {
      this.#mayCrash(active.request);
      if (this.#random.chance(this.settings.writes)) await this.#write(active);
      else if (this.#random.chance(0.7)) await this.#read(active, this.#drawQuery());
      else await this.#readTwice(active);
      await active.request.pause(this.#random.int(0, this.settings.thinkMs));
    }
  }

  /** At a time, or nearly: often the same. */
  async #readTwice(active: Active): Promise<void> {
    const first = this.#drawQuery();
    const second = this.#random.chance(0.6) ? first : this.#drawQuery();
    const later = async (): Promise<void> => {
      await active.request.pause(this.#random.pick([0, 10, 40]));
      await this.#read(active, second);
    };
    await Promise.all([this.#read(active, first), later()]);
  }

  /** At some moment of the next seconds. */
  #mayCrash(request: Request): void {
    if (!this.#random.chance(this.settings.faults.crash / 4)) return;
    this.#scheduler.at(this.#random.int(0, this.#random.pick([30, 3_000])), () => {
      if (!request.alive) return;
      this.#faults.crash += 1;
      const { isolate } = request;
      if (this.#random.chance(0.5)) {
        this.#log(request.name, () => 'dies');
        request.die();
        return;
      }
      this.#log(isolate.name, () => 'dies');
      isolate.alive = false;
      this.#isolates.splice(this.#isolates.indexOf(isolate), 1);
      this.#startIsolate(isolate.colo);
    });
  }

  #startIsolate(colo: number): void {
    const { skewMs } = this.settings;
    const name = `isolate ${String(this.#isolateKnown.size + 1)} in data centre ${String(colo + 1)}`;
    const isolate = new Isolate(name, colo, this.#random.int(-skewMs, skewMs));
    this.#isolates.push(isolate);
    this.#isolateKnown.set(isolate, new Known());
  }

  async #write(active: Active): Promise<void> {
    const { client, request } = active;
    this.#values += 1;
    const value = `v${String(this.#values)}`;
    const { model, action, args } = drawWrite(this.#random, this.settings, value);
    const what = `${model}.${action} ${JSON.stringify(args)}`;
    this.#log(request.name, () => what);
    const answered = this.#expect(what, request);
    try {
      await request.run(() => client.write(model, action, args));
      this.#log(request.name, () => `${what} is acknowledged`);
      this.#acknowledged(active);
    } catch (error) {
      this.#log(request.name, () => `${what} fails: ${String(error)}`);
      if (!(error instanceof DatabaseError)) {
        this.#report('rejected', `${what}: ${String(error)}`);
      } else {
        this.#faults[error.kind] += 1;
        if (error.kind === 'unknown') this.#undecided(active);
      }
    } finally {
      answered();
    }
  }

  #acknowledged({ user, request, client, own }: Active): void {
    const { nowMs } = this.#scheduler;
    user.lastWriteMs = nowMs;
    if (client.isIncomplete) this.#faults.incomplete += 1;
    else this.#publish(client.commits);
    for (const commit of client.commits) {
      for (const query of this.#history.changedBy(commit)) {
        own.add(query, commit);
        if (this.#isTold(query, commit, nowMs)) {
          this.#isolateKnown.get(request.isolate)?.add(query, commit);
        }
      }
    }
  }

  /** A write of unknown outcome is bumped now, and again when it must have been decided: if it was done, everyone hears of it. */
  #undecided({ request, client }: Active): void {
    const { faults } = this.settings;
    // Whether the second bump lands, nobody is told.
    if (faults.kvPut + faults.kvLost > 0) return;
    const { commits } = client;
    this.#scheduler.at(WRITE_DEADLINE_MS + RETRIES_MS, () => {
      if (request.alive) this.#publish(commits);
    });
  }

  #publish(commits: readonly number[]): void {
    // Of a put that is acknowledged and never done nobody is told, and the writer does not know.
    if (this.#kv.brokenMs <= this.#scheduler.nowMs) return;
    const { maxLagMs, coloCacheMs, faults } = this.settings;
    const takesLong = faults.slow > 0 || faults.kvRead > 0;
    const joinedMs = takesLong ? MAX_JOIN_AGE_MS : LONGEST_STATEMENT_MS;
    const atMs = this.#scheduler.nowMs + maxLagMs + coloCacheMs + joinedMs;
    for (const commit of commits) {
      for (const query of this.#history.changedBy(commit)) {
        const isTold = this.#isTold(query, commit, Number.POSITIVE_INFINITY);
        if (isTold) this.#published.push({ query, commit, atMs });
      }
    }
  }

  /**
   * Whether everyone has been told by then of whatever changed the answer before. By row, a write bumps what it changes now: who
   * holds an answer from before an earlier write is told by that one alone, if its writer lives to tell.
   */
  #isTold(query: string, commit: number, byMs: number): boolean {
    if (this.settings.granularity === 'model') return true;
    const told = this.#published.filter((one) => one.query === query && one.atMs < byMs);
    return this.#history
      .changes(query)
      .filter((other) => other > this.#seeded && other < commit)
      .every((other) => told.some((one) => one.commit >= other && one.commit < commit));
  }

  #drawQuery(): string {
    return this.#random.pick(this.#asked);
  }

  /** @returns how the answer was come by */
  async #read(active: Active, query: string): Promise<string | undefined> {
    const { client, request, seen, recent, version } = active;
    const { model, action, args } = this.#reads.get(query) as Read;
    const due = this.#dueOf(query, active);
    const answered = this.#expect(query, request);
    this.#operations += 1;
    try {
      const { result, info } = await request.run(() => client.read(model, action, args));
      const text = textOf(result);
      scribble(result);
      const { status } = info;
      this.#log(
        request.name,
        () => `${query}: ${status}${info.coalesced ? ' (joined)' : ''} ${text}`,
      );
      if (status.startsWith('hit')) this.#hits += 1;
      this.#check(query, text, due);
      const commit = this.#history.find(query, text, seen.get(query));
      if (commit !== undefined) {
        seen.add(query, commit);
        const atMs = this.#scheduler.nowMs;
        if (info.ageMs < RECENT_MS) {
          recent.set(`${version}: ${query}`, { commit: seen.get(query), atMs });
        }
      }
      return status;
    } catch (error) {
      this.#report('rejected', `${query}: ${String(error)}`);
      return undefined;
    } finally {
      answered();
    }
  }

  /** What an answer to a read that begins now may not miss, by promise. */
  #dueOf(query: string, { request, own, vouched, seen }: Active): ReadonlyMap<Checker, number> {
    const { granularity, ttlSeconds, swrSeconds } = this.settings;
    const { nowMs } = this.#scheduler;
    const oldestMs = nowMs - (ttlSeconds + swrSeconds) * 1_000 - TTL_SLACK_MS;
    const due = new Map<Checker, number>([
      ['own-writes', own.get(query)],
      ['isolate-writes', this.#isolateKnown.get(request.isolate)?.get(query) ?? 0],
      ['ticket-writes', vouched.get(query)],
      ['time-to-live', this.#history.at(oldestMs)],
      ['monotonic', granularity === 'model' ? 0 : seen.get(query)],
    ]);
    if (this.#kv.brokenMs <= nowMs) return due;
    const told = this.#published.filter((one) => one.query === query && one.atMs < nowMs);
    return due.set('propagation', Math.max(0, ...told.map(({ commit }) => commit)));
  }

  #check(query: string, text: string, due: ReadonlyMap<Checker, number>): void {
    if (this.#history.find(query, text, 0) === undefined) {
      this.#report('never-true', `${query} was never ${text}`);
    }
    for (const [checker, commit] of due) {
      if (this.#history.find(query, text, commit) !== undefined) continue;
      this.#report(
        checker,
        `${query} is answered with ${text}, which commit ${String(commit)} changed`,
      );
    }
  }

  async #visit(visits: Promise<void>): Promise<void> {
    let isDone = false;
    void visits.then(
      () => {
        isDone = true;
      },
      (error: unknown) => this.#report('rejected', String(error)),
    );
    await this.#scheduler.run(Number.POSITIVE_INFINITY);
    if (!isDone) this.#report('unanswered', 'a visit when all was over');
  }

  /** When everyone has been told, whatever is cached is true; twice, since the first may have cached what it read. */
  async #lookAgain(): Promise<void> {
    const { maxLagMs, coloCacheMs } = this.settings;
    for (const name of ['a late user', 'a later user']) {
      await this.#sleep(maxLagMs + coloCacheMs + RETRIES_MS + MAX_JOIN_AGE_MS);
      for (const isolate of [...this.#isolates]) {
        const active = this.#open(this.#user(0), `${name} in ${isolate.name}`, isolate, 'v1');
        for (const query of this.#asked) await this.#read(active, query);
        active.request.end();
      }
    }
  }

  /** When everything works again the cache does. What happened to expire is filled again. */
  async #checkHits(): Promise<void> {
    const { maxLagMs, coloCacheMs, ttlSeconds } = this.settings;
    const settledMs = maxLagMs + coloCacheMs + 2_000;
    if (ttlSeconds * 1_000 < 3 * settledMs) return;
    this.#kv.heal();
    this.#caches.heal();
    const isolate = this.#isolates[0] as Isolate;
    const missed = new Set(this.#asked);
    await this.#sleep(PROPAGATION_MS);
    for (const name of ['afterwards', 'afterwards, again', 'afterwards, once more']) {
      await this.#sleep(settledMs);
      const active = this.#open(this.#user(0), name, isolate, 'v1');
      for (const query of this.#asked) {
        const status = await this.#read(active, query);
        if (name !== 'afterwards' && /^(hit|stale)/.test(status ?? '')) missed.delete(query);
      }
      active.request.end();
    }
    if (missed.size > 0) this.#report('hits-resume', `never a hit: ${[...missed].join(', ')}`);
  }

  #committed(): void {
    const answers = new Map<string, string>();
    for (const [query, { model, action, args }] of this.#reads) {
      answers.set(query, textOf(this.#database.read(model, action, args)));
    }
    this.#history.commit(this.#scheduler.nowMs, answers);
  }

  #expect(what: string, request: Request): () => void {
    const id = Symbol(what);
    this.#pending.set(id, { what, request });
    return () => void this.#pending.delete(id);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#scheduler.at(ms, resolve));
  }

  #report(checker: Checker, detail: string): void {
    if (this.#violation === undefined) this.#log('checker', () => `${checker}: ${detail}`);
    this.#violation ??= { checker, detail };
  }

  #log(who: string, tell: () => string): void {
    this.#timeline.add(who, tell);
  }
}
