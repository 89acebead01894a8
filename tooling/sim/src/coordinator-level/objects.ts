import type { Random } from '@boost-tooling/fuzz/random';
import type { CoordinatorNamespace } from '@boost/coordinator';
import type { Packages } from '../build.ts';
import { Request, type Isolate } from '../isolate.ts';
import type { Scheduler } from '../scheduler.ts';
import { Disk } from './disk.ts';
import { Instance, type Delivery } from './instance.ts';
import { PlatformError } from './platform-error.ts';
import { NO_OBJECT_FAULTS, type ObjectFaults, type Settings } from './settings.ts';

/** Who calls: an isolate, or another object. */
type Caller = Isolate | Placed;

/** One end of a call. */
interface Line {
  readonly from: Caller;
  /** The answer is there after so many milliseconds. */
  answer(backMs: number, take: () => void): void;
}

/** Object by name: what it has stored, and the instances in memory. */
interface Placed {
  readonly name: string;
  disk: Disk;
  instance: Instance | undefined;
  /** Whose place was taken; some callers still reach it. */
  old: Instance | undefined;
  /** Those who do. */
  loyal: ReadonlySet<Caller>;
  /** As it was stored some time ago. */
  earlier: Disk | undefined;
  /** The time for which the platform's alarm is set. */
  armedMs: number | null;
}

const ALARM_RETRY_MS = 2_000;
/** Milliseconds for which an instance that was superseded may be reached. */
const SUPERSEDED_MS = 3_000;

export interface ObjectsOptions {
  readonly packages: Packages;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly settings: Settings;
  readonly log: (who: string, tell: () => string) => void;
}

/** All objects of the class, and the network between them and the isolates. */
export class Objects {
  readonly counts: Record<keyof ObjectFaults, number> = { ...NO_OBJECT_FAULTS };
  /** From then on what an object has forgotten is forgotten: nothing is promised of a class that was restored. */
  restoredMs: number = Number.POSITIVE_INFINITY;
  #faults: ObjectFaults;
  readonly #objects = new Map<string, Placed>();
  /** Those that have called. */
  readonly #callers = new Set<Caller>();
  readonly #methods: readonly string[];
  readonly #packages: Packages;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #settings: Settings;
  readonly #log: (who: string, tell: () => string) => void;

  constructor({ packages, scheduler, random, settings, log }: ObjectsOptions) {
    this.#packages = packages;
    this.#scheduler = scheduler;
    this.#random = random;
    this.#settings = settings;
    this.#faults = settings.faults;
    this.#log = log;
    this.#methods = Object.getOwnPropertyNames(packages.EpochCoordinator.prototype).filter(
      (name) => !['constructor', 'fetch', 'alarm', 'now', 'ports'].includes(name),
    );
  }

  /** The binding of an isolate: one object for all its requests. */
  binding(): CoordinatorNamespace {
    return this.#namespace((placed, method, args) => {
      const request = Request.current;
      const { isolate } = request;
      const answer = (backMs: number, take: () => void): void => request.answer(backMs, take);
      return this.#call({ from: isolate, answer }, placed, method, args);
    });
  }

  /** The binding that an object finds in its environment. */
  #bindingOf(from: Placed, instance: Instance): CoordinatorNamespace {
    const random = this.#random;
    const { betweenObjectsMs } = this.#settings;
    const answer = (backMs: number, take: () => void): void => {
      this.#scheduler.at(backMs + random.int(0, betweenObjectsMs), () => instance.receive(take));
    };
    return this.#namespace(
      (placed, method, args) =>
        new Promise((resolve, reject) => {
          instance.send(() => {
            this.#call({ from, answer }, placed, method, args).then(resolve, reject);
          });
        }),
    );
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.#faults = NO_OBJECT_FAULTS;
  }

  #namespace(
    call: (placed: Placed, method: string, args: readonly unknown[]) => Promise<unknown>,
  ): CoordinatorNamespace {
    const get = (name: string): unknown =>
      Object.fromEntries(
        this.#methods.map((method) => [
          method,
          (...args: readonly unknown[]) => call(this.#placed(name), method, args),
        ]),
      );
    return { idFromName: (name) => name, get };
  }

  #placed(name: string): Placed {
    let placed = this.#objects.get(name);
    if (placed === undefined) {
      const none = {
        instance: undefined,
        old: undefined,
        loyal: new Set<Caller>(),
        earlier: undefined,
        armedMs: null,
      };
      placed = { name, disk: new Disk(), ...none };
      this.#objects.set(name, placed);
    }
    return placed;
  }

  /** A call: there, through the gates of the instance, and back. */
  #call(line: Line, placed: Placed, method: string, args: readonly unknown[]): Promise<unknown> {
    const random = this.#random;
    this.#callers.add(line.from);
    const toMs = this.#wayMs();
    const backMs = this.#wayMs();
    const isLost = this.#happens('rpcLost');
    const fate = isLost ? random.pick(['call', 'call unheard', 'answer', 'answer unheard']) : '';
    const isTwice = this.#happens('rpcTwice');
    const laterMs = random.int(0, random.pick([20, 2_000, 15_000]));
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        line.answer(backMs, () => reject(error));
      };
      const lost = (): void => {
        fail(new PlatformError('the connection was lost', { retryable: random.chance(0.7) }));
      };
      this.#scheduler.at(toMs, () => {
        if (fate === 'call') return lost();
        if (fate === 'call unheard') return;
        if (this.#happens('overloaded')) {
          const retryable = random.chance(0.5);
          return fail(
            new PlatformError('the object is overloaded', { retryable, overloaded: true }),
          );
        }
        this.#arrive(placed, line.from, {
          method,
          args,
          fail,
          succeed: (result) => {
            if (fate === 'answer') return lost();
            if (fate !== '') return;
            line.answer(backMs, () => resolve(result));
          },
        });
        if (!isTwice) return;
        this.#scheduler.at(laterMs, () => {
          this.#arrive(placed, line.from, { method, args, ...UNHEARD });
        });
      });
    });
  }

  /** @param from - undefined: the platform itself */
  #arrive(placed: Placed, from: Caller | undefined, delivery: Delivery): void {
    const random = this.#random;
    this.#mayFail(placed, from);
    const { old } = placed;
    const isLoyal = from !== undefined && placed.loyal.has(from);
    const instance = old !== undefined && isLoyal ? old : this.#instance(placed);
    this.#log(placed.name, () => `${instance === old ? '(the old one) ' : ''}${told(delivery)}`);
    if (this.#happens('objectCrash')) {
      this.#scheduler.at(random.int(0, random.pick([3, 15])), () => instance.crash('crashes'));
    }
    instance.deliver(delivery);
  }

  /** What can happen to an object between two calls. */
  #mayFail(placed: Placed, from: Caller | undefined): void {
    const { instance, name } = placed;
    if (this.#happens('dataLoss', 0.5)) {
      this.#log(name, () => 'loses what it has stored');
      this.#replace(placed, new Disk());
    } else if (placed.earlier !== undefined && this.#happens('restored', 0.3)) {
      this.#log(name, () => 'is set back to what it had stored earlier');
      this.restoredMs = Math.min(this.restoredMs, this.#scheduler.nowMs);
      this.#replace(placed, placed.earlier);
    } else if (this.#happens('superseded') && instance !== undefined) {
      this.#log(name, () => 'gets another instance');
      placed.old?.crash('is too old');
      placed.instance = undefined;
      placed.old = instance;
      // The others, of which this is one, reach the new one.
      placed.loyal = new Set(
        [...this.#callers].filter((caller) => caller !== from && this.#random.chance(0.7)),
      );
      instance.isSuperseded = true;
      this.#scheduler.at(this.#random.int(0, SUPERSEDED_MS), () => {
        instance.crash('is put out of memory');
      });
    } else if (instance?.isIdle === true && this.#happens('evicted')) {
      instance.crash('is put out of memory');
    }
  }

  #replace(placed: Placed, disk: Disk): void {
    placed.instance?.crash('is taken down');
    placed.old?.crash('is taken down');
    placed.disk = disk;
    placed.earlier = undefined;
    placed.armedMs = null;
    this.#arm(placed);
  }

  #instance(placed: Placed): Instance {
    if (placed.instance !== undefined) return placed.instance;
    const { skewMs, hasSql } = this.#settings;
    const { name, disk } = placed;
    this.#log(name, () => 'is loaded into memory');
    const instance: Instance = new Instance({
      name,
      packages: this.#packages,
      bindingOf: (made) => this.#bindingOf(placed, made),
      disk,
      scheduler: this.#scheduler,
      random: this.#random,
      skewMs: this.#random.int(-skewMs, skewMs),
      hasSql,
      storageFails: () => this.#happens('storage', 0.3),
      onStored: () => this.#stored(placed),
      onDead: (why) => {
        this.#log(name, () => why);
        if (placed.instance === instance) placed.instance = undefined;
        if (placed.old === instance) placed.old = undefined;
        this.#arm(placed);
      },
    });
    placed.instance = instance;
    return instance;
  }

  #stored(placed: Placed): void {
    this.#arm(placed);
    if (this.#faults.restored > 0 && this.#random.chance(0.2)) placed.earlier = placed.disk.copy();
  }

  /** The platform's alarm: at least once, some time after it was due. */
  #arm(placed: Placed): void {
    const atMs = placed.disk.alarmAtMs;
    if (atMs === null || atMs === placed.armedMs) return;
    placed.armedMs = atMs;
    const lateMs = this.#happens('alarmLate') ? this.#random.int(1_000, 60_000) : 5;
    this.#scheduler.at(atMs - this.#scheduler.nowMs + this.#random.int(0, lateMs), () => {
      if (placed.armedMs !== atMs || placed.disk.alarmAtMs !== atMs) return;
      placed.armedMs = null;
      placed.disk.alarmAtMs = null;
      this.#ring(placed, placed.disk);
    });
  }

  #ring(placed: Placed, disk: Disk): void {
    if (placed.disk !== disk) return;
    const again = (): void => {
      this.#scheduler.at(ALARM_RETRY_MS, () => this.#ring(placed, disk));
    };
    this.#arrive(placed, undefined, {
      method: 'alarm',
      args: [],
      succeed: () => undefined,
      fail: again,
    });
  }

  #wayMs(): number {
    const random = this.#random;
    return this.#happens('rpcSlow')
      ? random.int(50, random.pick([500, 4_000]))
      : random.int(1, random.pick([12, 12, 80]));
  }

  #happens(kind: keyof ObjectFaults, share = 1): boolean {
    const probability = this.#faults[kind] * share;
    if (probability === 0 || !this.#random.chance(probability)) return false;
    this.counts[kind] += 1;
    return true;
  }
}

const UNHEARD: Pick<Delivery, 'succeed' | 'fail'> = {
  succeed: () => undefined,
  fail: () => undefined,
};

function told({ method, args }: Delivery): string {
  const shown = args.map((arg) => {
    if (arg instanceof Float64Array) return `${String(arg.length)} scopes`;
    return JSON.stringify(arg);
  });
  return `${method}(${shown.join(', ')})`;
}
