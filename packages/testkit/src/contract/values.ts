import { expect } from 'vitest';
import { createChance } from '../faults/chance.js';
import type { Rule } from '../trial.js';

const TEXTS: Readonly<Record<string, string>> = {
  'no text at all': '',
  'line ends': 'line\n\r\n\rline\r',
  'control characters': Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join(''),
  quotes: `"double" 'single' \`back\` \\ \\n %00 &amp; <![CDATA[`,
  'line separators': 'a\u2028b\u2029c\u0085d',
  'a byte order mark inside': 'a\ufeffb',
  'what is no character': 'a\ufffe\uffff\ufffdb',
  'characters of four bytes': '\u{1F600}\u{10FFFF}\u{10000}',
  'composed and decomposed characters': '\u00e9e\u0301\u212b\u00c5',
  'what looks like nothing': 'null',
  'what looks like JSON': '{"value":null,"metadata":{}}',
  blanks: '  \t trailing and leading \t  ',
};

const SEED = 1;
const CODE_POINTS = 4_000;
const SURROGATES = { first: 0xd800, count: 0x800 };
const ALL = 0x110000 - SURROGATES.count;

/** Text of any characters, half of which take one byte. */
function randomText(seed: number): string {
  const chance = createChance(seed);
  let text = 'x';
  for (let count = 0; count < CODE_POINTS; count++) {
    const point = chance.below(chance.happens(0.5) ? 0x80 : ALL);
    text += String.fromCodePoint(point < SURROGATES.first ? point : point + SURROGATES.count);
  }
  return text;
}

export const values: readonly Rule[] = [
  ...Object.entries(TEXTS).map(([what, text]): Rule => ({
    title: `come back as they were: ${what}`,
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: text });
      expect(await trial.adapter.get(key)).toBe(text);
    },
  })),
  {
    title: 'come back as they were: text from a seed',
    async check(trial) {
      const pairs = trial.keys(4).map((key, index) => [key, randomText(SEED + index)] as const);
      for (const [key, text] of pairs) await trial.adapter.set(key, text, trial.long);
      await trial.settle();
      const found = await trial.adapter.getMany(pairs.map(([key]) => key));
      for (const [key, text] of pairs) expect(found.get(key) === text).toBe(true);
    },
  },
  {
    title: 'come back as they were: as long as the store takes, up to a megabyte',
    async check(trial) {
      const key = trial.key('a');
      const length = Math.min(trial.capabilities.maxValueBytes, 1024 * 1024);
      const text = 'ab'.repeat(Math.ceil(length / 2)).slice(0, length);
      await trial.store({ [key]: text });
      expect((await trial.adapter.get(key)) === text).toBe(true);
    },
  },
];
