import type { ShownEvent } from '../../wire.js';
import { detailOf } from './detail.js';
import { byId, element, setText } from './dom.js';
import { durationText, outcomeOf, several, sourceOf, timeText, type Outcome } from './format.js';

/** Rows of the list; what happened before is forgotten. */
const MAX_ROWS = 300;

/** Operations that follow each other and came out alike are one row. */
interface Row {
  readonly event: ShownEvent;
  readonly outcome: Outcome;
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly times: HTMLElement;
  count: number;
}

const KINDS: readonly (readonly [label: string, outcomes: readonly Outcome[]])[] = [
  ['All', []],
  ['Hits', ['hit', 'shared', 'stale']],
  ['Misses', ['miss', 'skip']],
  ['Bypasses', ['bypass']],
  ['Writes', ['write']],
  ['Errors', ['error']],
];

/** The stream of operations, the newest on top; one of them can be opened. */
export class Operations {
  readonly #list = byId('operation-list');
  readonly #onOpen: (event: ShownEvent | undefined) => void;
  readonly #onModel: (model: string | undefined) => void;
  /** Oldest first. */
  readonly #rows: Row[] = [];
  #outcomes: readonly Outcome[] = [];
  #model: string | undefined;
  #open: Row | undefined;

  /**
   * @param onOpen - told of the operation that the user opens; undefined when it is closed
   * @param onModel - told when the user takes the filter for a model away
   */
  constructor(
    onOpen: (event: ShownEvent | undefined) => void,
    onModel: (model: string | undefined) => void,
  ) {
    this.#onOpen = onOpen;
    this.#onModel = onModel;
    byId('kinds').append(...KINDS.map(([label, outcomes]) => this.#kind(label, outcomes)));
    this.#list.addEventListener('keydown', (event) => this.#move(event));
  }

  add(events: readonly ShownEvent[]): void {
    for (const event of events) this.#add(event);
    while (this.#rows.length > MAX_ROWS) this.#rows.shift()?.item.remove();
    this.#hint();
  }

  clear(): void {
    this.#rows.length = 0;
    this.#list.replaceChildren();
    this.#open = undefined;
    this.#hint();
  }

  /** Shows operations on one model only; undefined: on all. */
  filter(model: string | undefined): void {
    this.#model = model;
    const note = byId('model-filter');
    note.hidden = model === undefined;
    if (model !== undefined) {
      const all = element('button', { type: 'button' }, 'Show all models');
      all.addEventListener('click', () => this.#onModel(undefined));
      note.replaceChildren(`Only operations that touch ${model}. `, all);
    }
    this.#refilter();
  }

  #add(event: ShownEvent): void {
    const latest = this.#rows.at(-1);
    if (latest !== undefined && isAlike(latest.event, event)) {
      latest.count += 1;
      setText(latest.times, `× ${latest.count}`);
      return;
    }
    const outcome = outcomeOf(event);
    const times = element('span', { class: 'times' });
    const button = element(
      'button',
      { type: 'button', 'aria-expanded': 'false', class: 'row' },
      element('time', {}, timeText(event.atMs)),
      element('span', { class: `badge ${outcome}` }, outcome),
      element('span', { class: 'what' }, element('code', {}, nameOf(event)), ' ', times),
      element('span', { class: 'why' }, whyOf(event)),
    );
    const item = element('li', {}, button);
    const row: Row = { event, outcome, item, button, times, count: 1 };
    button.addEventListener('click', () => this.#toggle(row));
    this.#rows.push(row);
    item.hidden = !this.#isShown(row);
    this.#list.prepend(item);
  }

  #toggle(row: Row): void {
    const isOpen = this.#open === row;
    if (this.#open !== undefined) {
      this.#open.button.setAttribute('aria-expanded', 'false');
      this.#open.item.querySelector('.detail')?.remove();
    }
    this.#open = isOpen ? undefined : row;
    if (!isOpen) {
      row.button.setAttribute('aria-expanded', 'true');
      row.item.append(detailOf(row.event));
    }
    this.#onOpen(this.#open?.event);
  }

  /** Arrows go from row to row. */
  #move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const shown = this.#rows.filter(({ item }) => !item.hidden).toReversed();
    const at = shown.findIndex(({ button }) => button === document.activeElement);
    const next = shown[at + step];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.button.focus();
  }

  #kind(label: string, outcomes: readonly Outcome[]): HTMLButtonElement {
    const isPressed = outcomes.length === 0;
    const button = element('button', { type: 'button', 'aria-pressed': isPressed }, label);
    button.setAttribute('aria-pressed', String(isPressed));
    button.addEventListener('click', () => {
      for (const other of byId('kinds').children) {
        other.setAttribute('aria-pressed', String(other === button));
      }
      this.#outcomes = outcomes;
      this.#refilter();
    });
    return button;
  }

  #refilter(): void {
    for (const row of this.#rows) row.item.hidden = !this.#isShown(row);
    this.#hint();
  }

  #isShown({ event, outcome }: Row): boolean {
    if (this.#outcomes.length > 0 && !this.#outcomes.includes(outcome)) return false;
    return this.#model === undefined || modelsOf(event).includes(this.#model);
  }

  #hint(): void {
    const shown = this.#rows.filter(({ item }) => !item.hidden).length;
    byId('operations-empty').hidden = this.#rows.length > 0;
    const all = this.#rows.length;
    const hint = shown === all ? 'The newest on top.' : `${shown} of ${all} rows.`;
    setText(byId('operations-hint'), all === 0 ? '' : hint);
  }
}

function isAlike(a: ShownEvent, b: ShownEvent): boolean {
  if (a.kind !== 'read' || b.kind !== 'read') return false;
  return (
    a.key === b.key &&
    a.status === b.status &&
    a.coalesced === b.coalesced &&
    a.reason === b.reason &&
    a.action === b.action &&
    a.model === b.model &&
    a.tenant === b.tenant
  );
}

function nameOf(event: ShownEvent): string {
  if (event.kind === 'error') return event.operation;
  if (event.kind === 'write') return event.model === '*' ? 'everything' : event.model;
  return `${event.model}.${event.action}`;
}

function modelsOf(event: ShownEvent): readonly string[] {
  if (event.kind === 'error') return [];
  if (event.kind === 'skip') return [event.model];
  const scopes = event.scopes.shown.map((scope) => /^\w+/.exec(scope)?.[0] ?? scope);
  return [event.model, ...scopes];
}

function whyOf(event: ShownEvent): string {
  switch (event.kind) {
    case 'read': {
      const from = event.coalesced
        ? 'the answer of another read'
        : `${sourceOf(event.status)}, ${durationText(event.databaseMs)}`;
      const saved = event.status.startsWith('hit') && !event.coalesced ? ' saved' : '';
      return [event.reason, from + saved].filter(Boolean).join(' · ');
    }
    case 'write':
      return `${event.scopes.shown.slice(0, 4).join(' ') || 'nothing'} · ${several(event.fell.length, 'entry', 'entries')} fell`;
    case 'skip':
      return `not stored: ${event.reason}`;
    case 'error':
      return event.code;
  }
}
