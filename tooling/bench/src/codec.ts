import { decodeEntry, encodeEntry, keyText } from '@boost/core';
import { measureInterleaved, type BenchGroup } from './group.ts';
import { reads } from './lobsters.ts';

const digest = 'a'.repeat(64);
const head = {
  digest,
  stamp: ['k', []],
  times: { startMs: 0, endMs: 1 },
  freshUntilMs: 1,
  staleUntilMs: 2,
};

/** Making a key, and an entry and back, for a row and for a page of 25 with relations. */
export const codecGroup: BenchGroup = {
  name: 'codec',
  about: 'keys and entries: canonical text, encode, decode, µs',
  bars: {},
  run() {
    const [point, , page] = reads;
    if (point === undefined || page === undefined)
      throw new RangeError('the workload has no such reads');
    const key = (index: number): (() => string) => {
      const { model, action, args } = (reads[index] ?? point).operation;
      const parts = {
        version: 'v1',
        schemaHash: 'h',
        databaseId: '',
        tenant: undefined,
        user: undefined,
      };
      return () => keyText({ ...parts, model, action, args });
    };
    const texts = { point: encodeEntry(head, point.result), page: encodeEntry(head, page.result) };
    const decode = (text: string) => () => decodeEntry(text, digest)?.result(String);
    const times = measureInterleaved({
      'codec_us.key.point': key(0),
      'codec_us.key.page': key(2),
      'codec_us.encode.point': () => encodeEntry(head, point.result),
      'codec_us.encode.page': () => encodeEntry(head, page.result),
      'codec_us.decode.point': decode(texts.point),
      'codec_us.decode.page': decode(texts.page),
    });
    return Promise.resolve({ ...times, 'codec_bytes.page': texts.page.length });
  },
};
