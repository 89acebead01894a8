import { createKeySpace, decodeEntry, encodeResult, makeKey, sealEntry } from '@boost/core';
import { measureInterleaved, type BenchGroup } from './group.ts';
import { reads } from './lobsters.ts';

const space = createKeySpace({ version: 'v1', schemaHash: 'h', databaseId: '' });
const head = {
  stamp: ['k', []],
  times: { startMs: 0, endMs: 1 },
  freshUntilMs: 1,
  staleUntilMs: 2,
};

type Read = (typeof reads)[number];

function keyOf({ operation: { model, action, args } }: Read): ReturnType<typeof makeKey> {
  return makeKey(space, { tenant: undefined, model, action, args });
}

function seal(read: Read): string {
  const { digest, tenant } = keyOf(read);
  return sealEntry({ ...head, digest, tenant }, encodeResult(read.result));
}

function open(read: Read, text: string): unknown {
  const entry = decodeEntry(text, keyOf(read));
  if (entry.kind !== 'entry') throw new TypeError(`the entry does not open: ${entry.reason}`);
  return entry.result(String);
}

/** Making a key, and an entry and back, for a row and for a page of 25 with relations. */
export const codecGroup: BenchGroup = {
  name: 'codec',
  about: 'keys and entries: canonical text, encode, decode, µs',
  bars: {},
  run() {
    const [point, , page] = reads;
    if (point === undefined || page === undefined) {
      throw new RangeError('the workload has no such reads');
    }
    const texts = { point: seal(point), page: seal(page) };
    const times = measureInterleaved({
      'codec_us.key.point': () => keyOf(point),
      'codec_us.key.page': () => keyOf(page),
      'codec_us.encode.point': () => seal(point),
      'codec_us.encode.page': () => seal(page),
      'codec_us.decode.point': () => open(point, texts.point),
      'codec_us.decode.page': () => open(page, texts.page),
    });
    return Promise.resolve({ ...times, 'codec_bytes.page': texts.page.length });
  },
};
