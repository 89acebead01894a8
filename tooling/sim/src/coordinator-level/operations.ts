import type { Random } from '@boost-tooling/fuzz/random';
import { drawWrite, readsOf, type Read, type Write } from '../operations.ts';
import type { Settings } from './settings.ts';

/** Every read that a run asks, by name. */
export function allReads(settings: Settings): ReadonlyMap<string, Read> {
  const reads = new Map(readsOf(rowsOf(settings)));
  const item = (action: Read['action'], args: Read['args']): Read => ({
    model: 'Item',
    action,
    args,
  });
  reads.set('all items', item('findMany', {}));
  reads.set('items', item('count', {}));
  reads.set('value of 1', item('findUnique', { where: { id: 1 }, select: { value: true } }));
  return reads;
}

/** Tenants have rows of their own. */
export function rowsOf({ items, groups, tenants }: Settings): { items: number; groups: number } {
  return { items: items * Math.max(1, tenants), groups };
}

/** @param value - a text that no write before has used */
export function drawAnyWrite(random: Random, settings: Settings, value: string): Write {
  return drawWrite(random, rowsOf(settings), value);
}

export function tenantName(index: number): string {
  return `t${String(index + 1)}`;
}

/** Whose row it is; undefined where there are no tenants. */
export function ownerOf(id: number, { tenants }: Settings): string | undefined {
  return tenants === 0 ? undefined : tenantName((id - 1) % tenants);
}
