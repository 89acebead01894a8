import { expect } from 'vitest';
import type { Rule } from '../trial.js';

export const description: readonly Rule[] = [
  {
    title: 'names the store, and tells what it can',
    async check(trial) {
      const { adapter, capabilities } = trial;
      const { expiry: _, settle: __, breakStore: ___, hangStore: ____, ...stated } = capabilities;
      expect(adapter.name).toMatch(/\S/);
      expect(adapter.capabilities).toEqual(stated);
      expect((await trial.another()).capabilities).toEqual(stated);
    },
  },
  {
    title: 'shows two adapters of one store as the same backend',
    async check(trial) {
      const another = await trial.another();
      const backend: object = trial.adapter.identity ?? trial.adapter;
      expect(another.identity ?? another).toBe(backend);
    },
  },
];
