import { expect, it } from 'vitest';
import { EpochLog } from '../../../src/epoch/log/epoch-log.js';
import { LogCopy } from '../../../src/epoch/log/log-copy.js';
import { RelayCopy } from '../../../src/epoch/log/relay-copy.js';
import { MemoryJournal } from './memory-journal.js';

const clock = { now: () => 0 };
const of = (...hashes: number[]): Float64Array => Float64Array.from(hashes);

it('has nothing to tell before it was told something', () => {
  expect(() => new RelayCopy().delta(undefined, 0)).toThrow('nothing to tell yet');
});

it('tells of what has ended meanwhile to whoever knows that it began, when it was told of no ends', () => {
  const journal = new MemoryJournal();
  let log = EpochLog.create('i', 0, { clock, journal });
  const relay = new RelayCopy();
  const copy = new LogCopy();
  relay.apply(log.delta(), 0);
  log.begin('w1', of(1), 10);
  relay.apply(log.delta(relay.position), 0);
  copy.apply(relay.delta(copy.position, 0), 0);
  expect(copy.isPending(of(1))).toBe(true);
  log.abort('w1');
  log.begin('w2', of(2), 10);
  // What is told after a restart is what is under way, and no event before it.
  log = EpochLog.restore(journal.saved(), { clock, journal });
  relay.apply(log.delta(relay.position), 0);
  copy.apply(relay.delta(copy.position, 0), 0);
  expect([copy.isPending(of(1)), copy.isPending(of(2))]).toEqual([false, true]);
});

it('passes on that nothing may be cached, for as long as it is', () => {
  const log = EpochLog.create('i', 31_000, { clock });
  const relay = new RelayCopy();
  relay.apply(log.delta(), 5_000);
  expect(relay.delta(undefined, 6_000).quietMs).toBe(30_000);
  expect(relay.delta(undefined, 40_000).quietMs).toBe(0);
});

it('begins anew with another life of the log', () => {
  const relay = new RelayCopy();
  const old = EpochLog.create('old', 0, { clock });
  old.commit('w1', of(1));
  relay.apply(old.delta(), 0);
  const before = relay.position;
  const log = EpochLog.create('new', 0, { clock });
  log.commit('w2', of(2));
  relay.apply(log.delta(), 0);
  const delta = relay.delta(before, 0);
  expect(delta).toMatchObject({ incarnation: 'new', from: 0, fences: [] });
  expect(delta.events).toMatchObject([{ kind: 'bumped', id: 'w2' }]);
});
