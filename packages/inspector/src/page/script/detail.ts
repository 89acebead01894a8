import type { ShownEvent, ShownRead, ShownSkip, ShownWrite } from '../../wire.js';
import { element, words } from './dom.js';
import { durationText, keyText, sizeText, tenantText } from './format.js';

type Fact = readonly [name: string, value: string | Node];

/** All that is known of one operation. */
export function detailOf(event: ShownEvent): HTMLElement {
  const facts = factsOf(event).flatMap(([name, value]) => [
    element('dt', {}, name),
    element('dd', {}, value),
  ]);
  return element('dl', { class: 'detail' }, ...facts);
}

function factsOf(event: ShownEvent): readonly Fact[] {
  switch (event.kind) {
    case 'read':
      return readFacts(event);
    case 'write':
      return writeFacts(event);
    case 'skip':
      return skipFacts(event);
    case 'error':
      return [['Failed at', event.operation]];
  }
}

function readFacts(event: ShownRead): readonly Fact[] {
  const { status, reason, scopes, key, tenant, databaseMs, size, isNeedless } = event;
  return [
    ['Outcome', reason === undefined ? status : `${status}: ${reason}`],
    ...(isNeedless ? ([['Needless', 'the database said what the entry had held']] as const) : []),
    ['Depends on', words(scopes.shown, scopes.more)],
    ...(key === undefined ? [] : ([['Entry', element('code', {}, key)]] as const)),
    ['Database', durationText(databaseMs)],
    ...(size === 0 ? [] : ([['Size', sizeText(size)]] as const)),
    ...tenantFact(tenant),
  ];
}

function writeFacts(event: ShownWrite): readonly Fact[] {
  const { scopes, fell, deleted, incomplete, reason, tenant } = event;
  return [
    ['Bumped', words(scopes.shown, scopes.more)],
    ['Entries fell', fell.length === 0 ? 'none that were seen' : words(fell.map(keyText))],
    ...(deleted === 0 ? [] : ([['Deleted', String(deleted)]] as const)),
    ...(incomplete ? ([['Incomplete', 'some bumps are still being tried']] as const) : []),
    ...(reason === undefined ? [] : ([['Coarser because', reason]] as const)),
    ...tenantFact(tenant),
  ];
}

function skipFacts({ reason, key }: ShownSkip): readonly Fact[] {
  return [
    ['Not stored', reason],
    ['Entry', element('code', {}, key)],
  ];
}

function tenantFact(tenant: string | null | undefined): readonly Fact[] {
  return tenant === undefined ? [] : [['Tenant', tenantText(tenant)]];
}
