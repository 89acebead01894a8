import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BumpTable } from '../../../src/epoch/log/bump-table.js';
import { scopeHash } from '../../../src/epoch/log/scope-hash.js';

const MEGABYTE = 1024 * 1024;

describe('a table of bumps', () => {
  it('does what a map does', () => {
    const hash = fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      // Of one slot, in tables of every size.
      fc.integer({ min: 0, max: 40 }).map((n) => n * 2 ** 32 + 7),
    );
    const step = fc.record({ hash, forget: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1_500, size: 'max' }), (steps) => {
        const table = new BumpTable();
        const map = new Map<number, number>();
        steps.forEach(({ hash: name, forget }, index) => {
          if (forget && index % 50 === 0) {
            const floor = index - 20;
            table.forget(floor);
            for (const [key, seq] of map) if (seq <= floor) map.delete(key);
          }
          table.raise(name, index + 1);
          map.set(name, index + 1);
        });
        expect(table.size).toBe(map.size);
        for (const { hash: name } of steps) expect(table.get(name)).toBe(map.get(name) ?? 0);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the later of two bumps, in whatever order they come', () => {
    const table = new BumpTable();
    table.raise(5, 9);
    table.raise(5, 3);
    expect(table.get(5)).toBe(9);
    expect(table.get(6)).toBe(0);
  });

  it('holds a million scopes in less than 64 MB, also while it grows', () => {
    const table = new BumpTable();
    let most = 0;
    const watch = (): void => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    };
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 1; index <= 1_000_000; index++) {
      table.raise(scopeHash(`t.acme:Post:${index}#title`), index);
      if (index % 1_000 === 0) watch();
    }
    expect(table.size).toBe(1_000_000);
    expect((most - before) / MEGABYTE).toBeLessThan(64);
    expect(table.quantile(0.25)).toBe(250_000);
    table.forget(250_000);
    expect(table.size).toBe(750_000);
  }, 60_000);
});

describe('the hash of a scope', () => {
  it('is an integer that a double holds, and the same for ever', () => {
    const some = ['', '*', 'Post!', 'Post:42#title', 'Post{authorId=é}#rows'].map(scopeHash);
    expect(some).toEqual([
      3338908027751811, 3183329488896763, 3749531258310106, 8450440211254958, 7168216985710747,
    ]);
    expect(some.every((hash) => Number.isSafeInteger(hash) && hash > 0)).toBe(true);
  });
});
