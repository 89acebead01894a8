import { describe, expect, it } from 'vitest';
import { encodeResult } from '../../src/codec/encoded-result.js';
import { sealEntry, type EntryHead } from '../../src/codec/entry.js';
import { OpenedEntries } from '../../src/codec/opened-entries.js';

const owner = { digest: 'd'.repeat(43), tenant: 'acme' };
const head: EntryHead = {
  ...owner,
  stamp: [1],
  times: { startMs: 1, endMs: 2 },
  freshUntilMs: 3,
  staleUntilMs: 4,
};
const seal = (result: unknown, given = head): string => sealEntry(given, encodeResult(result));
const noDecimals = (): never => {
  throw new Error('no Decimal here');
};

describe('OpenedEntries', () => {
  it('opens a text once, and gives every reader a copy of its own', () => {
    const opened = new OpenedEntries(10_000);
    const text = seal([{ id: 1, at: new Date(0) }]);
    const first = opened.open('key', text, owner);
    for (let reader = 0; reader < 4; reader++) {
      const entry = opened.open('key', structuredClone(text), owner);
      expect(entry).toBe(first);
      if (entry.kind === 'none') throw new Error(entry.reason);
      const rows = entry.result(noDecimals) as { id: number }[];
      expect(rows).toEqual([{ id: 1, at: new Date(0) }]);
      rows.push({ id: 2 });
    }
  });

  it('opens another text under the same key', () => {
    const opened = new OpenedEntries(10_000);
    opened.open('key', seal('old'), owner);
    const entry = opened.open('key', seal('new'), owner);
    expect(entry.kind === 'entry' && entry.result(noDecimals)).toBe('new');
  });

  it('checks every text that it has not opened', () => {
    const opened = new OpenedEntries(10_000);
    const text = seal('value');
    opened.open('key', text, owner);
    const damaged = text.replace('value', 'velue');
    expect(opened.open('key', damaged, owner)).toEqual({ kind: 'none', reason: 'damaged' });
    expect(opened.open('key', text, owner).kind).toBe('entry');
  });

  it('gives nobody the entry of another tenant or read, though it was opened', () => {
    const opened = new OpenedEntries(10_000);
    const text = seal('value');
    opened.open('key', text, owner);
    for (const other of [
      { ...owner, tenant: 'other' },
      { ...owner, digest: 'e'.repeat(43) },
    ]) {
      expect(opened.open('key', text, other)).toEqual({ kind: 'none', reason: 'foreign' });
    }
  });
});
