import type { ShownEntry } from '../../wire.js';
import { byId, element, setText, words } from './dom.js';
import { countText, keyText, sizeText, tenantText, timeText } from './format.js';

interface Row {
  readonly row: HTMLTableRowElement;
  /** What it was made of. */
  readonly text: string;
}

/** Scopes of an entry that are shown at once. */
const FEW = 4;

/** The table of entries. Rows that did not change stay, so that nothing moves under who reads them. */
export class EntryTable {
  #rows = new Map<string, Row>();
  #lit: ReadonlySet<string> = new Set();

  show(entries: readonly ShownEntry[]): void {
    const rows = new Map<string, Row>();
    for (const entry of entries) {
      const text = JSON.stringify(entry);
      const known = this.#rows.get(entry.key);
      rows.set(entry.key, known?.text === text ? known : { row: rowOf(entry), text });
    }
    this.#rows = rows;
    byId('entry-rows').replaceChildren(...[...rows.values()].map(({ row }) => row));
    byId('entries-empty').hidden = rows.size > 0;
    const fell = entries.filter(({ state }) => state === 'fell').length;
    const hint = `${countText(entries.length)} seen, ${countText(fell)} of them fell and were not read since.`;
    if (rows.size > 0) setText(byId('entries-hint'), hint);
    this.#light();
  }

  /** Marks what a write made wrong. */
  light(keys: readonly string[]): void {
    this.#lit = new Set(keys);
    this.#light();
  }

  #light(): void {
    for (const [key, { row }] of this.#rows) row.classList.toggle('lit', this.#lit.has(key));
  }
}

/** A cell that says its column where the table is shown as cards. */
export function cell(column: string, ...children: readonly (Node | string)[]): HTMLElement {
  return element('td', { 'data-column': column }, ...children);
}

function rowOf(entry: ShownEntry): HTMLTableRowElement {
  const { key, model, action, scopes, state, hits, misses, size, tenant, seenAtMs } = entry;
  const scopeList = scopes.shown.filter((scope) => scope !== '*');
  const more = Math.max(0, scopeList.length - FEW) + scopes.more;
  const whose = tenantText(tenant);
  return element(
    'tr',
    { class: state },
    cell('State', element('span', { class: `badge ${state}` }, state), stateNote(entry)),
    element(
      'th',
      { scope: 'row' },
      element('code', {}, `${model}.${action}`),
      element(
        'small',
        { title: key },
        [keyText(key), whose, timeText(seenAtMs)].filter((text) => text !== '').join(' · '),
      ),
    ),
    cell('Depends on', words(scopeList.slice(0, FEW), more), partialNote(entry)),
    cell('Hits', countText(hits)),
    cell('Misses', countText(misses)),
    cell('Size', size === 0 ? '–' : sizeText(size)),
  );
}

function stateNote({ by, reason }: ShownEntry): Node {
  if (by !== undefined) return element('small', {}, 'by ', element('code', {}, by.scope));
  return element('small', {}, reason ?? '');
}

function partialNote({ isPartial }: ShownEntry): Node {
  return element('small', {}, isPartial ? 'and on rows: this isolate saw only hits' : '');
}
