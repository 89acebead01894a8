import { describe, expect, it } from 'vitest';
import { CoordinatorSession } from '../src/client/session.js';

const TICK = 7;
const NOW_MS = 1_795_000_000_000;

/** An isolate that has asked nobody. */
const START = {
  tick: TICK,
  nowMs: NOW_MS,
  copied: () => ({ position: undefined, syncedTick: -1 }),
};

/** The ticket of a session that has seen an object so far. */
function ticket(name: string, incarnation: string, seq: number): string {
  const session = new CoordinatorSession(undefined, START);
  session.raise(name, { incarnation, seq }, TICK);
  return session.ticket();
}

function needs(text: string, name: string): (number | undefined)[] {
  return new CoordinatorSession(text, START).needs(name).map(({ position }) => position?.seq);
}

describe('a session that continues several', () => {
  const [early, late] = [ticket('epoch-a', 'life-1', 3), ticket('epoch-a', 'life-1', 40)];
  const other = ticket('epoch-b', 'life-1', 5);

  it.each([`${early}~${late}`, `${late}~${early}`, `${other}~${late}~k1.1~${early}`])(
    'may not go behind the latest of them: %s',
    (text) => {
      expect(needs(text, 'epoch-a')).toEqual([undefined, 40]);
      expect(needs(new CoordinatorSession(text, START).ticket(), 'epoch-a')).toEqual([
        undefined,
        40,
      ]);
    },
  );

  it('has to ask where they speak of different lives of an object', () => {
    const ofOneLife = new CoordinatorSession(`${early}~${late}`, START);
    expect(ofOneLife.needs('epoch-a')[0]).toEqual({ afterTick: -1 });
    const ofTwo = new CoordinatorSession(`${early}~${ticket('epoch-a', 'life-2', 1)}`, START);
    const [, both] = ofTwo.needs('epoch-a');
    expect(both).toMatchObject({ position: { incarnation: '' }, afterTick: TICK });
  });

  it('carries on what it holds of many objects in 2 KB, and asks for the rest', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      ticket(`epoch-${index}`, 'life-1', index),
    );
    const session = new CoordinatorSession(many.join('~'), START);
    expect(session.needs('epoch-0')[1]?.position?.seq).toBe(0);
    expect(session.ticket().length).toBeLessThanOrEqual(2_048);
    const continued = new CoordinatorSession(session.ticket(), START);
    expect(continued.needs('epoch-0')).toEqual([{ afterTick: TICK }]);
  });
});

describe('a ticket', () => {
  it('does not go back when an old entry is given that is still current', () => {
    const session = new CoordinatorSession(ticket('epoch-a', 'life-1', 40), START);
    session.raise('epoch-a', { incarnation: 'life-1', seq: 4 }, TICK);
    expect(needs(session.ticket(), 'epoch-a')).toEqual([undefined, 40]);
  });

  it('makes its bearer ask the object of which something without a number was given, and no other', () => {
    const session = new CoordinatorSession(ticket('epoch-b', 'life-1', 4), START);
    session.saw(['epoch-a'], TICK);
    const continued = new CoordinatorSession(session.ticket(), START);
    expect(continued.needs('epoch-a')[1]).toMatchObject({ position: { incarnation: '' } });
    expect(needs(session.ticket(), 'epoch-b')).toEqual([undefined, 4]);
  });

  it('has a number for it when the isolate has asked since', () => {
    const position = { incarnation: 'life-1', seq: 50 };
    for (const [syncedTick, seq] of [
      [TICK, 0],
      [TICK + 1, 50],
    ] as const) {
      const copied = () => ({ position, syncedTick });
      const session = new CoordinatorSession(ticket('epoch-a', 'life-1', 40), { ...START, copied });
      session.saw(['epoch-a'], TICK);
      expect(needs(session.ticket(), 'epoch-a')).toEqual([undefined, seq]);
    }
  });

  it('takes the later of a commit and of what the isolate knows', () => {
    const copied = () => ({ position: { incarnation: 'life-1', seq: 5 }, syncedTick: TICK + 1 });
    const session = new CoordinatorSession(undefined, { ...START, copied });
    session.saw(['epoch-a'], TICK);
    session.raise('epoch-a', { incarnation: 'life-1', seq: 9 }, TICK + 2);
    expect(needs(session.ticket(), 'epoch-a')).toEqual([undefined, 9]);
    session.raise('epoch-a', { incarnation: 'life-2', seq: 1 }, TICK + 3);
    expect(new CoordinatorSession(session.ticket(), START).needs('epoch-a')[1]).toMatchObject({
      position: { incarnation: '' },
    });
  });
});
