import type { Random } from './random.ts';

/** Bucket start and count, as the Lobsters benchmark client publishes them (jonhoo/trawler 22042e6, MIT or Apache-2.0). */
export interface Histogram {
  readonly width: number;
  readonly buckets: readonly (readonly [start: number, count: number])[];
}

export const votesPerUser: Histogram = {
  width: 100,
  // prettier-ignore
  buckets: [
    [0, 4439], [100, 562], [200, 206], [300, 131], [400, 92], [500, 45], [600, 28], [700, 31], [800, 29],
    [900, 32], [1000, 14], [1100, 23], [1200, 18], [1300, 18], [1400, 13], [1500, 10], [1600, 3], [1700, 7],
    [1800, 8], [1900, 6], [2000, 3], [2100, 3], [2200, 4], [2300, 6], [2400, 4], [2500, 2], [2600, 3],
    [2700, 2], [2800, 2], [2900, 3], [3000, 2], [3100, 3], [3200, 2], [3300, 2], [3400, 1], [3600, 1],
    [3800, 1], [3900, 1], [4000, 1], [4100, 3], [4200, 1], [4300, 6], [4400, 1], [4500, 2], [4600, 1],
    [4800, 1], [5000, 1], [5100, 1], [5400, 1], [5500, 1], [5800, 2], [5900, 1], [6000, 1], [6400, 2],
    [6800, 1], [7100, 1], [7700, 1], [8400, 1], [8700, 1], [8900, 1], [10100, 1], [10900, 1], [13500, 1],
    [14500, 1], [15100, 1],
  ],
};

export const votesPerStory: Histogram = {
  width: 10,
  // prettier-ignore
  buckets: [
    [0, 16724], [10, 16393], [20, 4601], [30, 1707], [40, 680], [50, 281], [60, 128], [70, 60], [80, 35],
    [90, 16], [100, 4], [110, 4], [120, 10], [130, 1], [140, 2], [160, 1], [210, 1], [250, 1], [290, 1],
  ],
};

export const votesPerComment: Histogram = {
  width: 10,
  // prettier-ignore
  buckets: [
    [0, 89907], [10, 27614], [20, 2825], [30, 637], [40, 177], [50, 61], [60, 29], [70, 6], [80, 5], [90, 5],
    [100, 3], [150, 1],
  ],
};

export const commentsPerStory: Histogram = {
  width: 10,
  // prettier-ignore
  buckets: [
    [0, 33974], [10, 4831], [20, 1029], [30, 401], [40, 193], [50, 103], [60, 50], [70, 24], [80, 18],
    [90, 10], [100, 5], [110, 1], [120, 5], [130, 2], [140, 1], [150, 2], [170, 1],
  ],
};

/** A value of the histogram: a bucket by its count, uniform inside of it. */
export function draw(random: Random, { width, buckets }: Histogram): number {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let left = random.unit() * total;
  for (const [start, count] of buckets) {
    left -= count;
    if (left < 0) return start + random.int(0, width - 1);
  }
  throw new RangeError('an empty histogram');
}

/** Draws positions by weights that may grow in number. */
export class Weighted {
  readonly #sums: number[] = [];

  constructor(weights: Iterable<number>) {
    for (const weight of weights) this.push(weight);
  }

  push(weight: number): void {
    this.#sums.push((this.#sums.at(-1) ?? 0) + weight);
  }

  draw(random: Random): number {
    const at = random.unit() * (this.#sums.at(-1) ?? 0);
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
