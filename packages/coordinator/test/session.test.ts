import { describe, expect, it } from 'vitest';
import { CoordinatorSession } from '../src/client/session.js';

const TICK = 7;
const NOW_MS = 1_795_000_000_000;

/** The ticket of a session that has seen an object so far. */
function ticket(name: string, incarnation: string, seq: number): string {
  const session = new CoordinatorSession(undefined, TICK, NOW_MS);
  session.raise(name, { incarnation, seq }, TICK);
  return session.ticket();
}

function needs(text: string, name: string): (number | undefined)[] {
  return new CoordinatorSession(text, TICK, NOW_MS)
    .needs(name)
    .map(({ position }) => position?.seq);
}

describe('a session that continues several', () => {
  const [early, late] = [ticket('epoch-a', 'life-1', 3), ticket('epoch-a', 'life-1', 40)];
  const other = ticket('epoch-b', 'life-1', 5);

  it.each([`${early}~${late}`, `${late}~${early}`, `${other}~${late}~k1.1~${early}`])(
    'may not go behind the latest of them: %s',
    (text) => {
      expect(needs(text, 'epoch-a')).toEqual([undefined, 40]);
      expect(needs(new CoordinatorSession(text, TICK, NOW_MS).ticket(), 'epoch-a')).toEqual([
        undefined,
        40,
      ]);
    },
  );

  it('has to ask where they speak of different lives of an object', () => {
    const ofOneLife = new CoordinatorSession(`${early}~${late}`, TICK, NOW_MS);
    expect(ofOneLife.needs('epoch-a')[0]).toEqual({ afterTick: -1 });
    const ofTwo = new CoordinatorSession(
      `${early}~${ticket('epoch-a', 'life-2', 1)}`,
      TICK,
      NOW_MS,
    );
    expect(ofTwo.needs('epoch-a')[0]).toEqual({ afterTick: TICK });
  });

  it('carries on what it holds of many objects in 2 KB, and asks for the rest', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      ticket(`epoch-${index}`, 'life-1', index),
    );
    const session = new CoordinatorSession(many.join('~'), TICK, NOW_MS);
    expect(session.needs('epoch-0')[1]?.position?.seq).toBe(0);
    expect(session.ticket().length).toBeLessThanOrEqual(2_048);
    const continued = new CoordinatorSession(session.ticket(), TICK, NOW_MS);
    expect(continued.needs('epoch-0')).toEqual([{ afterTick: TICK }]);
  });
});
