import type { ShownEvent } from '../../wire.js';
import { byId, setText } from './dom.js';
import { outcomeOf, several } from './format.js';

/** Milliseconds between two announcements: who listens to the page wants to hear something else, too. */
const PAUSE_MS = 15_000;

/** Tells those who do not see the page what happened, in one sentence now and then. */
export class Announcer {
  #events: ShownEvent[] = [];
  #nextMs = 0;

  add(events: readonly ShownEvent[], nowMs: number): void {
    this.#events.push(...events);
    if (this.#events.length === 0 || nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + PAUSE_MS;
    const reads = this.#events.filter(({ kind }) => kind === 'read');
    const hits = reads.filter((read) => ['hit', 'shared', 'stale'].includes(outcomeOf(read)));
    const writes = this.#events.filter((event) => event.kind === 'write');
    const fell = writes.reduce((sum, write) => sum + write.fell.length, 0);
    const errors = this.#events.filter(({ kind }) => kind === 'error').length;
    this.#events = [];
    const texts = [
      `${several(reads.length, 'read', 'reads')}, ${hits.length} from the cache`,
      `${several(writes.length, 'write', 'writes')}, ${several(fell, 'entry', 'entries')} fell`,
      ...(errors > 0 ? [several(errors, 'error', 'errors')] : []),
    ];
    setText(byId('announcement'), `${texts.join('; ')}.`);
  }
}
