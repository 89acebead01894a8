import { expect } from 'vitest';
import type { Rule } from '../trial.js';

const isShared: NonNullable<Rule['appliesTo']> = ({ shared }) => shared;

export const epochs: readonly Rule[] = [
  {
    title: 'are seen by every client of the store',
    appliesTo: isShared,
    async check(trial) {
      const [key, none] = [trial.key('epoch'), trial.key('none')];
      await trial.adapter.set(key, 'nonce', { ...trial.long, authoritative: true });
      await trial.settle();
      const another = await trial.another();
      const found = await another.getMany([key, none], { authoritative: [key, none] });
      expect(found).toEqual(
        new Map([
          [key, 'nonce'],
          [none, null],
        ]),
      );
    },
  },
  {
    title: 'are never answered by a nearer tier',
    appliesTo: isShared,
    async check(trial) {
      const key = trial.key('epoch');
      // As an entry it is near to whoever set and read it.
      await trial.store({ [key]: 'old' });
      await trial.adapter.get(key);
      const another = await trial.another();
      await another.set(key, 'new', { ...trial.long, authoritative: true });
      await trial.settle();
      for (const adapter of [trial.adapter, another]) {
        expect((await adapter.getMany([key], { authoritative: [key] })).get(key)).toBe('new');
      }
    },
  },
  {
    title: 'and an entry are read in one call',
    appliesTo: isShared,
    async check(trial) {
      const [key, epoch] = [trial.key('a'), trial.key('epoch')];
      await trial.store({ [key]: 'x' });
      await trial.adapter.set(epoch, 'nonce', { ...trial.long, authoritative: true });
      await trial.settle();
      const found = await trial.adapter.getMany([key, epoch], { authoritative: [epoch] });
      expect(found).toEqual(
        new Map([
          [key, 'x'],
          [epoch, 'nonce'],
        ]),
      );
    },
  },
];
