import {
  OpenedEntries,
  createKeySpace,
  decodeEntry,
  encodeResult,
  makeKey,
  sealEntry,
  type Entry,
  type NoEntry,
} from '@boost/core';
import { measureInterleaved, type BenchGroup } from './group.ts';
import { reads } from './lobsters.ts';

const space = createKeySpace({ version: 'v1', schemaHash: 'h', databaseId: '' });
const [point, comments, page] = reads;

/** What a hit costs beside the store: the key of the read, and the result out of the entry; and what a fill costs. */
export const codecGroup: BenchGroup = {
  name: 'codec',
  about: 'keys and entries: a read asked for the first time and again, encode, decode, copy, µs',
  bars: {},
  run() {
    const functions: Record<string, () => unknown> = {};
    const bytes: Record<string, number> = {};
    for (const [name, read] of Object.entries({ point, comments, page })) {
      if (read === undefined) throw new RangeError('the workload has fewer reads than measured');
      const { model, action, args } = read.operation;
      const keyOf = (given: unknown) =>
        makeKey(space, { tenant: undefined, model, action, args: given });
      const key = keyOf(args);
      const text = sealEntry(
        {
          ...key,
          stamp: ['k', []],
          times: { startMs: 0, endMs: 1 },
          freshUntilMs: 1,
          staleUntilMs: 2,
        },
        encodeResult(read.result),
      );
      const opened = new OpenedEntries(1_000_000);
      let asked = 0;
      functions[`codec_us.key_first.${name}`] = () => keyOf({ ...args, skip: asked++ });
      functions[`codec_us.key_again.${name}`] = () => keyOf(args);
      functions[`codec_us.encode.${name}`] = () => encodeResult(read.result);
      functions[`codec_us.decode.${name}`] = () => resultOf(decodeEntry(text, key));
      functions[`codec_us.copy.${name}`] = () => resultOf(opened.open(key.storeKey, text, key));
      bytes[`codec_bytes.${name}`] = text.length;
    }
    return Promise.resolve({ ...measureInterleaved(functions), ...bytes });
  },
};

function resultOf(entry: Entry | NoEntry): unknown {
  if (entry.kind === 'none') throw new RangeError(`no entry: ${entry.reason}`);
  return entry.result(String);
}
