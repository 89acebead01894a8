/** The platform's cache of one data centre, as far as it is used. */
export interface SimulatedCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
  delete(url: string): Promise<boolean>;
}

/** What a run gives to the packages in the place of the platform's globals. */
export interface Platform {
  /** Milliseconds since 1970, as the request that runs sees them. */
  now(): number;
  /** The cache of the data centre in which the request runs. */
  cache(): SimulatedCache;
}

let platform: Platform | undefined;
let made = 0;

/** For a run that begins. */
export function install(given: Platform): void {
  platform = given;
  made = 0;
}

function installed(): Platform {
  if (platform === undefined) throw new Error('no run has begun');
  return platform;
}

/** Stands for `crypto.randomUUID`, so that a run can be played again. */
export function randomUUID(): string {
  made += 1;
  return `made-${String(made)}`;
}

/** Stands for `Date.now`. */
export function now(): number {
  return installed().now();
}

/** Stands for the global of this name. */
export const caches: { open(): Promise<SimulatedCache> } = {
  open: () => Promise.resolve(installed().cache()),
};

/** Stands for the global of this name, whose body is read without a turn of the event loop. */
export class Response {
  readonly #body: string;

  constructor(body: string) {
    this.#body = body;
  }

  text(): Promise<string> {
    return Promise.resolve(this.#body);
  }
}
