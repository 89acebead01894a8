import { expect, it } from 'vitest';
import { BumpTable } from '../../../src/epoch/log/bump-table.js';
import { LogStorage } from '../../../src/epoch/log/log-storage.js';
import { MemoryJournal } from './memory-journal.js';

it('keeps a bounded number of segments, and says which floor that takes', () => {
  const journal = new MemoryJournal();
  const storage = new LogStorage(journal);
  const table = new BumpTable();
  const floors: number[] = [];
  for (let seq = 1; seq <= 520; seq++) {
    const hashes = Float64Array.of(1, seq + 1);
    for (const hash of hashes) table.raise(hash, seq);
    storage.saveRow({ key: seq, id: `w${seq}`, bump: { seq, hashes } });
    const floor = storage.merge(table);
    floors.push(floor);
    if (floor > 0) storage.forget(floor);
  }
  expect(floors.slice(0, 512).every((floor) => floor === 0)).toBe(true);
  expect(floors.slice(512)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(journal.rows.size).toBe(0);
  expect(journal.segments.size).toBe(512);
  expect(storage.mergedTo).toBe(520);
});

it('splits what is merged, and loses nothing of it', () => {
  const journal = new MemoryJournal();
  const storage = new LogStorage(journal);
  const table = new BumpTable();
  for (let seq = 1; seq <= 10; seq++) {
    const hashes = Float64Array.from({ length: 1_000 }, (_, index) => seq * 1_000 + index);
    for (const hash of hashes) table.raise(hash, seq);
    storage.saveRow({ key: seq, id: `w${seq}`, bump: { seq, hashes } });
  }
  storage.merge(table);
  const segments = [...journal.segments.values()];
  expect(segments.map(({ hashes }) => hashes.length)).toEqual([4_096, 4_096, 1_808]);
  for (const { hashes, seqs } of segments) {
    hashes.forEach((hash, index) => expect(seqs[index]).toBe(Math.floor(hash / 1_000)));
  }
});
