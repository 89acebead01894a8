import type { Counts, ShownEntry } from '../../wire.js';
import { byId, element } from './dom.js';
import { costText, countText, durationText, hitRateOf, percentText, readsOf } from './format.js';

/** What it all came to since the isolate started. */
export function showFigures(totals: Counts, entries: readonly ShownEntry[]): void {
  const current = entries.filter(({ state }) => state === 'current').length;
  const { hits, shared, misses, bypasses, writes, errors, savedMs, costUsd } = totals;
  const figures: readonly (readonly [string, string, string])[] = [
    [
      'Hit rate',
      percentText(hitRateOf(totals)),
      `${countText(hits + shared)} of ${countText(readsOf(totals))} reads`,
    ],
    ['Misses', countText(misses), `${countText(bypasses)} bypassed the cache`],
    ['Writes', countText(writes), `${countText(current)} entries are current`],
    ['Database time saved', durationText(savedMs), `${countText(shared)} reads shared an answer`],
    ['Cost of the store', costText(costUsd), 'at the list price of Workers KV'],
    ['Errors', countText(errors), errors === 0 ? 'of the cache' : 'the database answered'],
  ];
  byId('figures').replaceChildren(
    ...figures.map(([name, value, note]) =>
      element(
        'div',
        { class: name === 'Errors' && errors > 0 ? 'bad' : undefined },
        element('dt', {}, name),
        element('dd', { class: 'value' }, value),
        element('dd', {}, note),
      ),
    ),
  );
}
