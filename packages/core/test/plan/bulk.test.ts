import { describe, expect, it } from 'vitest';
import type { Args, WriteAction } from '../../src/plan/plan.js';
import { planWrite } from '../../src/plan/write.js';
import { context } from './fixtures.js';

/** What a planned write without a `where` sends to the database. */
async function sent(action: WriteAction, args: Args): Promise<readonly Args[]> {
  const all: Args[] = [];
  const row = { id: 42, authorId: 7 };
  await planWrite(context('field'), { model: 'Post', action, args }).execute({
    run(ran, given) {
      all.push(given);
      return Promise.resolve(ran === 'deleteMany' ? { count: 1 } : [row]);
    },
    isNotFound: () => false,
    images: {
      findMany(_, given) {
        all.push(given);
        return Promise.resolve([row]);
      },
    },
  });
  return all;
}

describe('a bulk write of all rows', () => {
  it('says nothing of a where that it was not given, as strictUndefinedChecks wants it', async () => {
    const updates = await sent('updateMany', { data: { title: 'a' } });
    const deletes = await sent('deleteMany', {});
    expect(updates).toHaveLength(2);
    expect(deletes).toHaveLength(2);
    const undefinedParts = [...updates, ...deletes].flatMap((args) =>
      Object.keys(args).filter((name) => args[name] === undefined),
    );
    expect(undefinedParts).toEqual([]);
  });
});
