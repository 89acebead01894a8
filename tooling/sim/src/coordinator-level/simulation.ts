import { Random } from '@boost-tooling/fuzz/random';
import type { CoordinatorNamespace } from '@boost/coordinator';
import type { Consistency } from '@boost/core';
import type { Deployed, Packages } from '../build.ts';
import type { Checker } from '../checkers.ts';
import { ColoCaches } from '../colo-caches.ts';
import { Database, DatabaseError, type ChangedRow, type Tenant } from '../database.ts';
import { Isolate, Request } from '../isolate.ts';
import { KV } from '../kv.ts';
import type { Read } from '../operations.ts';
import type { Outcome, Run, Violation } from '../outcome.ts';
import type { SimulatedCache } from '../platform.ts';
import { Scheduler } from '../scheduler.ts';
import { scribble } from '../scribble.ts';
import { storeOf } from '../store.ts';
import { textOf } from '../text.ts';
import { Timeline } from '../timeline.ts';
import { Answers } from './answers.ts';
import { Client } from './client.ts';
import { Objects } from './objects.ts';
import { allReads, drawAnyWrite, ownerOf, tenantName } from './operations.ts';
import { Registers } from './registers.ts';
import { Server, type Operation } from './server.ts';
import { drawSettings } from './draw-settings.ts';
import { NO_OBJECT_FAULTS, type Settings } from './settings.ts';
import { Told } from './told.ts';

/** What a new object adds to the deadline of writes, for which it lets nothing be cached. */
const MARGIN_MS = 6_000;
/** Clocks of a request, and waiting for another read. */
const TTL_SLACK_MS = 12_000;
/** What a reader's view is older than by the way of the call that brought it. */
const STALENESS_SLACK_MS = 1_000;

interface Home {
  readonly isolate: Isolate;
  readonly packages: Packages;
  readonly namespace: CoordinatorNamespace;
  readonly shards: number;
  readonly modelGroups: number;
}

interface User {
  readonly name: string;
  readonly tenant: Tenant;
  /** Of responses that no request since has brought back. */
  tickets: readonly Ticket[];
}

interface Ticket {
  readonly text: string;
  /** The newest own commit, and the newest state seen, that it vouches for. */
  readonly wrote: number;
  readonly saw: number;
}

interface Active {
  readonly user: User;
  readonly request: Request;
  readonly client: Client;
  readonly brought: readonly Ticket[];
  /** What they vouch for. */
  readonly ticketWrote: number;
  /** The newest own commit, and the newest state that an answer was of. */
  wrote: number;
  saw: number;
}

/** One run with a coordinator: everything that happens follows from its seed. */
export class CoordinatorSimulation implements Run {
  readonly settings: Settings;
  readonly #seed: number;
  readonly #deployed: Deployed;
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  readonly #timeline: Timeline;
  readonly #kv: KV;
  readonly #caches: ColoCaches;
  readonly #objects: Objects;
  readonly #database: Database;
  readonly #server: Server;
  readonly #answers: Answers;
  readonly #registers = new Registers();
  readonly #reads: ReadonlyMap<string, Read>;
  /** The queries that users ask. */
  readonly #asked: readonly string[];
  readonly #homes: Home[] = [];
  readonly #pending = new Map<symbol, { readonly what: string; readonly request: Request }>();
  readonly #faults = { crash: 0, refused: 0, unknown: 0, unfenced: 0 };
  /** Whether every write is announced until it is decided: readers then hear of it from the moment at which it is done. */
  readonly #isFenced: boolean;
  readonly #told = new Told();
  /** What was acknowledged in each isolate. */
  readonly #isolateWrites = new Map<Isolate, Set<number>>();
  #violation: Violation | undefined;
  #isolates = 0;
  #values = 0;
  #operations = 0;
  #hits = 0;

  constructor(deployed: Deployed, seed: number, isTold: boolean) {
    this.#deployed = deployed;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.settings = drawSettings(this.#random);
    this.#scheduler = new Scheduler(this.#random);
    this.#timeline = new Timeline(this.#scheduler, isTold);
    this.#kv = new KV(this.#scheduler, this.#random, this.settings);
    this.#objects = new Objects({
      packages: deployed[this.settings.variant],
      scheduler: this.#scheduler,
      random: this.#random,
      settings: this.settings,
      log: (who, tell) => this.#timeline.add(who, tell),
    });
    this.#caches = new ColoCaches(this.#random, this.settings.faults);
    this.#reads = allReads(this.settings);
    this.#database = new Database((changed) => this.#committed(changed));
    this.#server = new Server(this.#random, this.settings, this.#scheduler);
    const { tenants } = this.settings;
    const names = Array.from({ length: tenants }, (_, index) => tenantName(index));
    const all = tenants === 0 ? [undefined] : [null, ...names];
    this.#answers = new Answers(this.#database, this.#reads, all);
    const { queries } = this.settings;
    this.#asked = this.#random.sample([...this.#reads.keys()], queries, queries);
    this.#isFenced = isFenced(this.settings);
    const platform = {
      now: (): number => Request.current.ports.clock.now(),
      cache: (): SimulatedCache => this.#caches.current(),
    };
    for (const packages of [deployed[this.settings.variant], deployed.next]) {
      packages.install(platform);
    }
    this.#fill();
  }

  async run(): Promise<Outcome> {
    const served = this.#serveEveryone();
    void served.catch((error: unknown) => this.#report('rejected', String(error)));
    await this.#scheduler.run(24 * 3_600_000);
    const unanswered = [...this.#pending.values()].find(({ request }) => !request.wasKilled);
    if (unanswered !== undefined) this.#report('unanswered', unanswered.what);
    if (this.#violation === undefined) await this.#visit(this.#lookAgain());
    if (this.#violation === undefined) this.#checkRegisters();
    if (this.#violation === undefined) await this.#visit(this.#checkHits());
    return {
      seed: this.#seed,
      settings: this.settings,
      violation: this.#violation,
      timeline: this.#timeline.lines,
      operations: this.#operations,
      hits: this.#hits,
      faults: {
        ...this.#kv.counts,
        ...this.#caches.counts,
        ...this.#objects.counts,
        ...this.#faults,
      },
    };
  }

  #fill(): void {
    const { colos, isolatesPerColo, items, groups, tenants, isShared } = this.settings;
    for (let colo = 0; colo < colos; colo++) {
      for (let n = 0; n < isolatesPerColo; n++) this.#startIsolate(colo);
    }
    for (let id = 1; id <= groups; id++) {
      const owner = isShared ? undefined : ownerOf(id, this.settings);
      this.#database.write('Group', 'create', { data: { id, name: 'first' } }, owner);
    }
    for (let id = 1; id <= items * Math.max(1, tenants); id++) {
      const data = { id, value: 'first', groupId: this.#random.int(1, groups) };
      this.#database.write('Item', 'create', { data }, ownerOf(id, this.settings));
    }
  }

  async #serveEveryone(): Promise<void> {
    const { users, tenants, isCold } = this.settings;
    const drawn = Array.from({ length: users }, (_, index): User => {
      const who = this.#random.int(0, tenants);
      const tenant = tenants === 0 ? undefined : who === 0 ? null : tenantName(who - 1);
      return this.#user(`user ${String(index + 1)}`, tenant);
    });
    if (!isCold) {
      await Promise.all(drawn.map((user) => this.#warm(user)));
      await this.#sleep(this.#quietMs);
    }
    await Promise.all(drawn.map((user) => this.#serveAll(user)));
  }

  get #quietMs(): number {
    return this.settings.deadlineMs + MARGIN_MS;
  }

  #user(name: string, tenant: Tenant): User {
    return { name, tenant, tickets: [] };
  }

  /** The objects are asked for the first time, and begin to be quiet. */
  async #warm(user: User, home?: Home): Promise<void> {
    const active = this.#open(user, `${user.name}, early`, home);
    for (const query of this.#asked) await this.#read(active, query, 'session');
    active.request.end();
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
  #handOver({ user, client, brought, wrote, saw }: Active): void {
    const text = client.session.ticket();
    const others = user.tickets.filter((ticket) => !brought.includes(ticket));
    if (text !== '') user.tickets = [...others, { text, wrote, saw }];
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

  #open(user: User, name: string, home: Home = this.#someHome()): Active {
    const { isolate, packages, namespace, shards, modelGroups } = home;
    const brought = user.tickets;
    const request = new Request({
      name,
      isolate,
      scheduler: this.#scheduler,
      random: this.#random,
      isFrozen: this.settings.isFrozen,
      keepsAlive: this.settings.keepsAlive,
    });
    const log = (tell: () => string): void => this.#timeline.add(name, tell);
    log(() => `begins in ${isolate.name}`);
    const client = new Client({
      packages,
      request,
      namespace,
      shards,
      modelGroups,
      adapter: storeOf(packages, this.#kv, request, this.settings.isTwoTier),
      database: this.#database,
      server: this.#server,
      settings: this.settings,
      tenant: user.tenant,
      ticket: brought.length === 0 ? undefined : brought.map(({ text }) => text).join('~'),
      log,
    });
    const wrote = Math.max(0, ...brought.map((ticket) => ticket.wrote));
    const saw = Math.max(0, ...brought.map((ticket) => ticket.saw));
    return { user, request, client, brought, ticketWrote: wrote, wrote, saw };
  }

  async #serve(active: Active): Promise<void> {
    const operations = this.#random.int(1, this.settings.operationsPerRequest);
    for (let n = 0; n < operations && this.#violation === undefined; n++) {
      const isWrite = this.#random.chance(this.settings.writes);
      this.#mayCrash(active.request, isWrite);
      if (isWrite) await this.#write(active);
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
  #mayCrash(request: Request, isWrite: boolean): void {
    const { crash } = this.settings.faults;
    if (!this.#random.chance(isWrite ? crash : crash / 4)) return;
    this.#scheduler.at(this.#random.int(0, this.#random.pick([80, 80, 3_000])), () => {
      if (!request.alive) return;
      this.#faults.crash += 1;
      const { isolate } = request;
      if (this.#random.chance(0.5)) {
        this.#timeline.add(request.name, () => 'dies');
        request.die();
        return;
      }
      this.#timeline.add(isolate.name, () => 'dies');
      isolate.alive = false;
      const home = this.#homes.find((each) => each.isolate === isolate);
      if (home !== undefined) this.#replace(home);
    });
  }

  /** Where the next request is served: at times in an isolate that knows nothing yet. */
  #someHome(): Home {
    const home = this.#random.pick(this.#homes);
    return this.#random.chance(this.settings.recycles) ? this.#replace(home) : home;
  }

  /** Requests that the old isolate serves go on. */
  #replace(home: Home): Home {
    this.#homes.splice(this.#homes.indexOf(home), 1);
    return this.#startIsolate(home.isolate.colo);
  }

  #startIsolate(colo: number): Home {
    const { skewMs, variant, isMixed, shards, modelGroups } = this.settings;
    this.#isolates += 1;
    const name = `isolate ${String(this.#isolates)} in data centre ${String(colo + 1)}`;
    const isNext = isMixed && this.#random.chance(0.5);
    const home = {
      isolate: new Isolate(name, colo, this.#random.int(-skewMs, skewMs)),
      packages: this.#deployed[isNext ? 'next' : variant],
      namespace: this.#objects.binding(),
      shards: this.#random.pick(shards),
      modelGroups: this.#random.pick(modelGroups),
    };
    this.#homes.push(home);
    return home;
  }

  async #write(active: Active): Promise<void> {
    const { client, request } = active;
    const isAlone = this.#random.chance(0.85);
    const writes = Array.from({ length: isAlone ? 1 : this.#random.int(1, 3) }, () => {
      this.#values += 1;
      return drawAnyWrite(this.#random, this.settings, `v${String(this.#values)}`);
    });
    this.#operations += writes.length;
    const what = writes
      .map(({ model, action, args }) => `${model}.${action} ${JSON.stringify(args)}`)
      .join(' and ');
    this.#timeline.add(request.name, () => what);
    const operation: Operation = { beganMs: this.#scheduler.nowMs, commits: [], changed: [] };
    const answered = this.#expect(what, request);
    const isKept = this.#random.chance(0.8);
    const [first] = writes;
    try {
      await request.run(() =>
        isAlone && first !== undefined
          ? client.write(first, operation)
          : client.transact(writes, operation, isKept),
      );
      this.#timeline.add(request.name, () => `${what} is acknowledged`);
      this.#acknowledged(active, operation);
    } catch (error) {
      this.#timeline.add(request.name, () => `${what} fails: ${String(error)}`);
      this.#failed(what, error);
    } finally {
      answered();
    }
  }

  #acknowledged(active: Active, operation: Operation): void {
    const { commits } = operation;
    const { isolate } = active.request;
    this.#registers.acknowledge(operation, this.#scheduler.nowMs);
    active.wrote = Math.max(active.wrote, ...commits);
    const known = this.#isolateWrites.get(isolate) ?? new Set();
    for (const commit of commits) known.add(commit);
    this.#isolateWrites.set(isolate, known);
    if (!active.client.isIncomplete) this.#told.add(commits, this.#scheduler.nowMs);
  }

  #failed(what: string, error: unknown): void {
    if (error instanceof DatabaseError) this.#faults[error.kind] += 1;
    else if ((error as { code?: unknown }).code === 'BOOST_WRITE_UNFENCED') {
      this.#faults.unfenced += 1;
    } else this.#report('rejected', `${what}: ${String(error)}`);
  }

  #drawQuery(): string {
    return this.#random.pick(this.#asked);
  }

  /** @returns how the answer was come by */
  async #read(
    active: Active,
    query: string,
    consistency: Consistency = this.#random.weighted(this.settings.consistency),
  ): Promise<string | undefined> {
    const { client, request, user } = active;
    const read = this.#reads.get(query) as Read;
    const due = this.#dueOf(active, query, consistency);
    const answered = this.#expect(query, request);
    const startMs = this.#scheduler.nowMs;
    this.#operations += 1;
    try {
      const { result, info } = await request.run(() => client.read(read, consistency));
      const text = textOf(result);
      const { status, coalesced, reason } = info;
      const how = `${status}${reason === undefined ? '' : ` (${reason})`}${coalesced ? ', joined' : ''}`;
      this.#timeline.add(request.name, () => `${query}, ${consistency}: ${how} ${text}`);
      if (status.startsWith('hit')) this.#hits += 1;
      if (consistency === 'strong') {
        this.#registers.read(result, startMs, this.#scheduler.nowMs);
      }
      scribble(result);
      this.#check(user.tenant, query, text, due);
      if (consistency !== 'eventual') {
        active.saw = this.#answers.find(user.tenant, query, text, active.saw) ?? active.saw;
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
  #dueOf(
    { wrote, saw, ticketWrote, request, user }: Active,
    query: string,
    consistency: Consistency,
  ): ReadonlyMap<Checker, number> {
    const { ttlSeconds, swrSeconds, maxStalenessMs } = this.settings;
    const { nowMs } = this.#scheduler;
    const { history } = this.#answers;
    const oldestMs = nowMs - (ttlSeconds + swrSeconds) * 1_000 - TTL_SLACK_MS;
    const due = new Map<Checker, number>([['time-to-live', history.at(oldestMs)]]);
    if (consistency === 'eventual' || this.#objects.restoredMs <= nowMs) return due;
    if (consistency === 'strong') {
      const isExact = this.#isFenced || !isStrict(this.settings);
      due.set('strong', isExact ? history.last : this.#told.at(nowMs));
    }
    const toldMs = nowMs - maxStalenessMs - STALENESS_SLACK_MS;
    const told = this.#isFenced ? history.at(toldMs) : this.#told.at(toldMs);
    due.set('propagation', told);
    const isGrouped = this.settings.modelGroups.some((version) => version > 0);
    // An isolate that remembers one log forgets what it has written to those of other groups.
    if (!isGrouped || this.settings.variant === 'current') {
      const known = this.#isolateWrites.get(request.isolate);
      due.set('isolate-writes', this.#answers.ownChange(user.tenant, query, known, told));
    }
    if (!this.#isFenced) return due;
    if (isGrouped) {
      // What a session has seen counts within a group, and its own writes where they changed something.
      const own = new Set([wrote, ticketWrote]);
      return due.set('own-writes', this.#answers.ownChange(user.tenant, query, own, told));
    }
    return due.set('own-writes', wrote).set('ticket-writes', ticketWrote).set('monotonic', saw);
  }

  #check(tenant: Tenant, query: string, text: string, due: ReadonlyMap<Checker, number>): void {
    if (this.#answers.find(tenant, query, text, 0) === undefined) {
      const checker = this.#answers.wrong(tenant, query, text);
      return this.#report(checker, `${query} was never ${text} for ${String(tenant)}`);
    }
    // Nothing is promised of a read during which an object was set back.
    const isSetBack = this.#objects.restoredMs <= this.#scheduler.nowMs;
    for (const [checker, commit] of due) {
      if (isSetBack && checker !== 'time-to-live') continue;
      if (this.#answers.find(tenant, query, text, commit) !== undefined) continue;
      if (checker === 'strong') this.#checkRegisters();
      this.#report(
        checker,
        `${query} is answered with ${text}, which is older than commit ${String(commit)}`,
      );
    }
  }

  #checkRegisters(): void {
    if (this.#objects.restoredMs < Number.POSITIVE_INFINITY) return;
    const wrong = this.#registers.contradiction();
    if (wrong !== undefined) this.#report('linearizable', wrong);
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

  /** Some come while writes may still be undecided; when every write has been decided, whatever is cached is true. */
  async #lookAgain(): Promise<void> {
    await this.#sleep(this.#random.int(0, this.#quietMs));
    await this.#lookOnce('a late user');
    await this.#sleep(this.#quietMs + 1_000);
    await this.#lookOnce('a later user');
  }

  async #lookOnce(name: string): Promise<void> {
    const { tenants } = this.settings;
    const who = tenants === 0 ? [undefined] : [null, tenantName(0)];
    for (const tenant of who) {
      const active = this.#open(this.#user(name, tenant), `${name} of ${String(tenant)}`);
      for (const query of this.#asked) await this.#read(active, query);
      active.request.end();
    }
  }

  /** When everything works again the cache does. What happened to expire is filled again. */
  async #checkHits(): Promise<void> {
    const { maxLagMs, coloCacheMs, ttlSeconds, tenants, variant, modelGroups } = this.settings;
    // An isolate that remembers one log forgets at each the others that it needs.
    if (variant === 'scaledDown' && modelGroups.some((version) => version > 0)) return;
    const settledMs = maxLagMs + coloCacheMs + 2_000;
    const isRestored = this.#objects.restoredMs < Number.POSITIVE_INFINITY;
    if (ttlSeconds * 1_000 < 3 * settledMs || isRestored) return;
    this.#kv.heal();
    this.#caches.heal();
    this.#objects.heal();
    const home = this.#homes[0] as Home;
    const missed = new Set(this.#asked);
    // Announcements end, and objects that are new begin.
    const user = this.#user('', tenants === 0 ? undefined : tenantName(0));
    await this.#sleep(this.#quietMs + 30_000);
    await this.#warm({ ...user, name: 'afterwards' }, home);
    await this.#sleep(this.#quietMs + 30_000);
    for (const name of ['afterwards', 'afterwards, again', 'afterwards, once more']) {
      await this.#sleep(settledMs);
      const active = this.#open({ ...user }, name, home);
      for (const query of this.#asked) {
        const status = await this.#read(active, query, 'session');
        if (name !== 'afterwards' && /^(hit|stale)/.test(status ?? '')) missed.delete(query);
      }
      active.request.end();
    }
    if (missed.size > 0) this.#report('hits-resume', `never a hit: ${[...missed].join(', ')}`);
  }

  #committed(changed: readonly ChangedRow[]): void {
    const { operation } = this.#server;
    this.#answers.commit(this.#scheduler.nowMs, new Set(changed.map(({ tenant }) => tenant)));
    this.#registers.commit(operation, changed);
    if (operation === undefined) this.#told.add([this.#answers.history.last], 0);
    else operation.commits.push(this.#answers.history.last);
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
    if (this.#violation === undefined) {
      this.#timeline.add('checker', () => `${checker}: ${detail}`);
    }
    this.#violation ??= { checker, detail };
  }
}

/** Whether a write fails that cannot be announced. */
function isStrict({ usesStrong, allowUnfenced }: Settings): boolean {
  return allowUnfenced === undefined ? usesStrong : !allowUnfenced;
}

/** Whether no write happens unannounced, and none after its announcement has ended. */
function isFenced(settings: Settings): boolean {
  const { isLimited, faults } = settings;
  const kinds = Object.keys(NO_OBJECT_FAULTS) as (keyof typeof NO_OBJECT_FAULTS)[];
  const isSafe = faults.crash === 0 && kinds.every((kind) => faults[kind] === 0);
  return isLimited && (isStrict(settings) || isSafe);
}
