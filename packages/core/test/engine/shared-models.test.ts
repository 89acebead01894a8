import { describe, expect, it } from 'vitest';
import { sharedModels } from '../../src/engine/shared-models.js';
import { shop } from '../support/database.js';

describe('shared models', () => {
  it('share their join table when both ends are shared', () => {
    const both = sharedModels(shop, ['Country', 'Zone']);
    expect(['Country', 'Zone', '_CountryToZone', 'Region'].map(both)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(sharedModels(shop, ['Country'])('_CountryToZone')).toBe(false);
  });
});
