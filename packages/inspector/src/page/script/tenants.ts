import type { CoordinatorReply, ShownFence, ShownTenant } from '../../wire.js';
import { byId, element, setText, words } from './dom.js';
import { cell } from './entries.js';
import { countText, durationText, several, tenantText } from './format.js';

export function showTenants(tenants: readonly ShownTenant[]): void {
  const rows = tenants.map(({ tenant, reads, hits, writes }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, tenantText(tenant)),
      cell('Reads', countText(reads)),
      cell('Hits', countText(hits)),
      cell('Writes', countText(writes)),
    ),
  );
  byId('tenant-rows').replaceChildren(...rows);
}

export function showCoordinator({ configured, objects, left }: CoordinatorReply): void {
  byId('object-table').hidden = !configured;
  // A write may be under way in several objects.
  const open = new Set(objects.flatMap(({ fences }) => fences.map(({ id }) => id))).size;
  const hint = configured
    ? `${several(objects.length, 'object', 'objects')}, ${several(open, 'write', 'writes')} under way${left > 0 ? `; ${left} tenants not asked` : ''}.`
    : 'No coordinator: epochs live in the store.';
  setText(byId('coordinator-hint'), hint);
  const rows = objects.map(({ name, incarnation, seq, quietMs, fences }) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element('code', {}, name),
        element('small', { title: incarnation }, `incarnation ${incarnation.slice(0, 8)}`),
      ),
      cell('Sequence', countText(seq)),
      cell(
        'Writes under way',
        ...quietNote(quietMs),
        ...fences.map(fenceOf),
        ...(quietMs === 0 && fences.length === 0 ? ['none'] : []),
      ),
    ),
  );
  byId('object-rows').replaceChildren(...rows);
}

function quietNote(quietMs: number): readonly Node[] {
  if (quietMs === 0) return [];
  const text = `new: for ${durationText(quietMs)} nothing is answered from the cache`;
  return [element('div', {}, text)];
}

function fenceOf({ id, scopes, unknown }: ShownFence): HTMLElement {
  return element(
    'div',
    { class: 'fence' },
    element('span', { class: 'badge write' }, 'fence'),
    element('small', {}, id.slice(0, 8)),
    words(scopes, unknown),
  );
}
