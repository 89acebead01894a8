import type {
  CoordinatorReply,
  EventsReply,
  GraphReply,
  ShownEvent,
  ShownWrite,
} from '../../wire.js';
import { Announcer } from './announcer.js';
import { drawCharts } from './chart.js';
import { byId, setText } from './dom.js';
import { EntryTable } from './entries.js';
import { showFigures } from './figures.js';
import { Graph } from './graph.js';
import { Operations } from './operations.js';
import { showCoordinator, showTenants } from './tenants.js';

const PATH = '/__boost';
const POLL_MS = 1_000;
const MAX_POLL_MS = 8_000;
/** Objects of a coordinator are asked less often: each time is a call to each of them. */
const POLLS_PER_COORDINATOR = 3;
/** Longer than any answer takes that still comes. */
const TIMEOUT_MS = 10_000;

type Connection = 'waiting' | 'live' | 'paused' | 'lost';

/** Reads from the worker what is new, and shows it. */
class Page {
  readonly #operations: Operations;
  readonly #entries = new EntryTable();
  readonly #announcer = new Announcer();
  readonly #graph: Graph;
  #isolate = '';
  #since = 0;
  #latest: ShownWrite | undefined;
  #opened: ShownEvent | undefined;
  #polls = 0;
  #waitMs = POLL_MS;
  #isPaused = false;
  #hasCoordinator = true;

  constructor(graph: GraphReply) {
    const choose = (model: string | undefined): void => {
      this.#operations.filter(model);
      this.#graph.choose(model);
    };
    this.#operations = new Operations((event) => {
      this.#opened = event;
      this.#light();
    }, choose);
    this.#graph = new Graph(graph, choose);
    const pause = byId('pause');
    pause.addEventListener('click', () => {
      this.#isPaused = !this.#isPaused;
      pause.setAttribute('aria-pressed', String(this.#isPaused));
      connection(this.#isPaused ? 'paused' : 'waiting');
    });
  }

  async run(): Promise<void> {
    for (;;) {
      if (!this.#isPaused && !document.hidden) await this.#poll();
      await new Promise((resolve) => setTimeout(resolve, this.#waitMs));
    }
  }

  async #poll(): Promise<void> {
    try {
      this.#take(await ask<EventsReply>(`events?since=${this.#since}`));
      if (this.#hasCoordinator && this.#polls % POLLS_PER_COORDINATOR === 0) {
        const reply = await ask<CoordinatorReply>('coordinator');
        this.#hasCoordinator = reply.configured;
        showCoordinator(reply);
      }
      this.#polls += 1;
      this.#waitMs = POLL_MS;
      if (!this.#isPaused) connection('live');
    } catch (error) {
      this.#waitMs = Math.min(MAX_POLL_MS, this.#waitMs * 2);
      connection('lost', error instanceof Refused ? error.message : 'Not reachable, trying again');
    }
  }

  #take({ isolate, seq, events, nowMs, state }: EventsReply): void {
    // Another isolate counts anew, and has seen other things.
    if (isolate !== this.#isolate) {
      const isFirst = this.#isolate === '';
      this.#isolate = isolate;
      if (!isFirst) {
        this.#operations.clear();
        this.#latest = undefined;
      }
      if (this.#since > 0) {
        this.#since = 0;
        return;
      }
    }
    this.#since = seq;
    this.#operations.add(events);
    this.#announcer.add(events, nowMs);
    this.#latest = events.findLast((event) => event.kind === 'write') ?? this.#latest;
    if (state !== undefined) {
      const { entries, tenants, totals, timeline } = state;
      this.#entries.show(entries);
      this.#graph.entries(entries);
      showFigures(totals, entries);
      showTenants(tenants);
      drawCharts(timeline);
    }
    this.#light();
  }

  /** The write that the user looks at, else the last one. */
  #light(): void {
    const write = this.#opened?.kind === 'write' ? this.#opened : this.#latest;
    this.#graph.show(write);
    this.#entries.light(write?.fell ?? []);
  }
}

/** The worker does not want to tell. */
class Refused extends Error {}

async function ask<Reply>(what: string): Promise<Reply> {
  const response = await fetch(`${PATH}/${what}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.ok) return (await response.json()) as Reply;
  if ([401, 403].includes(response.status)) throw new Refused((await response.text()).trim());
  throw new Error(`${what}: ${response.status}`);
}

const TEXTS: Readonly<Record<Connection, string>> = {
  waiting: 'Connecting …',
  live: 'Live',
  paused: 'Paused',
  lost: 'Lost',
};

function connection(state: Connection, text = TEXTS[state]): void {
  byId('connection').dataset['state'] = state;
  setText(byId('connection-text'), text);
}

async function start(): Promise<void> {
  try {
    const page = new Page(await ask<GraphReply>('schema'));
    await page.run();
  } catch (error) {
    connection('lost', `The inspector failed: ${String(error)}`);
  }
}

void start();
