import type { Args, ReadAction, WriteAction } from '@boost/core';
import type { Random } from '@boost-tooling/fuzz/random';

/** How many rows there are. */
export interface Extent {
  readonly items: number;
  readonly groups: number;
}

export interface Read {
  readonly model: string;
  readonly action: ReadAction;
  readonly args: Args;
}

export interface Write {
  readonly model: string;
  readonly action: WriteAction;
  readonly args: Args;
}

/** Every read that a run asks, by name. */
export function readsOf({ items, groups }: Extent): ReadonlyMap<string, Read> {
  const reads = new Map<string, Read>();
  for (let id = 1; id <= items; id++) {
    reads.set(`item ${String(id)}`, {
      model: 'Item',
      action: 'findUnique',
      args: { where: { id } },
    });
  }
  for (let id = 1; id <= groups; id++) {
    reads.set(`items of ${String(id)}`, {
      model: 'Item',
      action: 'findMany',
      args: { where: { groupId: id } },
    });
    reads.set(`group ${String(id)}`, {
      model: 'Group',
      action: 'findUnique',
      args: { where: { id }, include: { items: true } },
    });
  }
  return reads;
}

/** @param value - a text that no write before has used */
export function drawWrite(random: Random, { items, groups }: Extent, value: string): Write {
  const id = random.int(1, items);
  const groupId = random.int(1, groups);
  const item = (action: WriteAction, args: Args): Write => ({ model: 'Item', action, args });
  switch (
    random.weighted({ set: 6, move: 2, create: 1, remove: 1, bulk: 1, removeAll: 0.5, rename: 1 })
  ) {
    case 'set':
      return item('update', { where: { id }, data: { value } });
    case 'move':
      return item('update', { where: { id }, data: { groupId, value } });
    case 'create':
      return item('create', { data: { id, value, groupId } });
    case 'remove':
      return item('delete', { where: { id } });
    case 'bulk':
      return item('updateMany', { where: { groupId }, data: { value } });
    case 'removeAll':
      return item('deleteMany', { where: { groupId } });
    case 'rename':
      return {
        model: 'Group',
        action: 'update',
        args: { where: { id: groupId }, data: { name: value } },
      };
  }
}
