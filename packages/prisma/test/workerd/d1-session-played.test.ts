import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cached, prepared, uncached } from './replicas.js';

/** Of so many moves each. The figure in docs/consistency.md is of 100 runs. */
const RUNS = 1;
const LENGTH = 40;

const MOVES = fc.array(
  fc.record({
    what: fc.constantFrom('write', 'read', 'near', 'shown', 'together', 'go', 'copy'),
    who: fc.nat(1),
    // To another request, with its ticket.
    isHandedOn: fc.boolean(),
  }),
  { minLength: LENGTH, maxLength: LENGTH },
);

/** Each write gives a row the next number. */
const numberOf = (label: string | undefined): number =>
  label?.startsWith('old') === true ? 0 : Number(label);

test('sessions that write and read beside replicas see no step back, and nothing old is stored', async () => {
  const count = { primary: 0, replica: 0, hits: 0 };
  const play = fc.asyncProperty(MOVES, async (moves) => {
    const { double, client } = await prepared();
    const stranger = client();
    const data = moves.map((_, index) => ({ id: index + 2, label: `old ${String(index)}` }));
    await stranger.tag.createMany({ data });
    const newest = new Map<number, number>();
    const sessions = [client(), client()].map((prisma) => ({
      prisma,
      seen: new Map<number, number>(),
    }));
    let writes = 0;
    for (const [index, { what, who, isHandedOn }] of moves.entries()) {
      const [session, other] = [sessions[who], sessions[1 - who]];
      if (session === undefined || other === undefined) throw new Error('There are two.');
      // KV takes one put a second of a key: what is written again and again is never a hit.
      const id = what === 'shown' ? index + 2 : 1;
      const { seen } = session;
      const least = seen.get(id) ?? 0;
      const began = newest.get(id) ?? 0;
      const write = async (writer: typeof session): Promise<void> => {
        writes += 1;
        const number = writes;
        newest.set(id, number);
        await writer.prisma.tag.update({ where: { id }, data: { label: String(number) } });
        writer.seen.set(id, Math.max(writer.seen.get(id) ?? 0, number));
      };
      const isShown = (floor: number, label: string | undefined): void => {
        expect(numberOf(label)).toBeGreaterThanOrEqual(floor);
        seen.set(id, Math.max(seen.get(id) ?? 0, numberOf(label)));
      };
      const handOn = (): void => {
        if (isHandedOn) session.prisma = client(session.prisma.$session.ticket());
      };
      if (what === 'write') await write(session);
      // All of an isolate see its writes.
      if (what === 'read') isShown(began, await cached(session.prisma));
      if (what === 'near') isShown(least, await uncached(session.prisma));
      if (what === 'shown') {
        await write(other);
        await cached(stranger, id);
        const asked = double.answered.length;
        isShown(newest.get(id) ?? 0, await cached(session.prisma, id));
        if (double.answered.length === asked) count.hits += 1;
        handOn();
        isShown(seen.get(id) ?? 0, await uncached(session.prisma, id));
      }
      if (what === 'together') {
        const { prisma } = session;
        const [first, stored, second] = await Promise.all([
          uncached(prisma),
          cached(prisma),
          uncached(prisma),
          write(other),
        ]);
        for (const label of [first, second]) isShown(least, label);
        isShown(began, stored);
      }
      if (what === 'go') double.nearest = 1 - double.nearest;
      if (what === 'copy') await double.catchUp();
      handOn();
      expect(numberOf(await cached(stranger, id))).toBe(newest.get(id) ?? 0);
    }
    for (const place of double.answered) count[place] += 1;
  });
  await fc.assert(play, { seed: 31, numRuns: RUNS, endOnFailure: true });
  for (const times of Object.values(count)) expect(times).toBeGreaterThan(RUNS);
});
