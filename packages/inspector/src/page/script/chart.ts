import { BUCKET_MS, type Bucket } from '../../wire.js';
import { byId, element, setText, shape } from './dom.js';
import { costText, countText, hitRateOf, percentText, readsOf, timeText } from './format.js';

/** A chart is never narrower: single steps would be broad. */
const MIN_BUCKETS = 20;
const WIDTH = 600;
const HEIGHT = 92;

/** The reads by outcome with the hit rate, and below them what the store bills. */
export function drawCharts(timeline: readonly Bucket[]): void {
  const [first, last] = [timeline[0], timeline.at(-1)];
  if (first === undefined || last === undefined) {
    setText(byId('time-hint'), 'Nothing yet.');
    return;
  }
  const slots = Math.max(MIN_BUCKETS, (last.atMs - first.atMs) / BUCKET_MS + 1);
  const startMs = last.atMs - (slots - 1) * BUCKET_MS;
  const step = WIDTH / slots;
  const x = ({ atMs }: Bucket): number => ((atMs - startMs) / BUCKET_MS) * step;
  const most = Math.max(1, ...timeline.map(readsOf));
  const dearest = Math.max(...timeline.map(({ costUsd }) => costUsd));
  const reads = canvas(`Reads in steps of 2 seconds, at most ${most}`);
  const costs = canvas(`Cost of the store in steps of 2 seconds, at most ${costText(dearest)}`);
  for (const bucket of timeline) {
    stack(reads, x(bucket), step, [
      ['hit', (bucket.hits + bucket.shared) / most],
      ['miss', bucket.misses / most],
      ['bypass', bucket.bypasses / most],
    ]);
    stack(costs, x(bucket), step, [['cost', dearest === 0 ? 0 : bucket.costUsd / dearest]]);
  }
  reads.append(rateLine(timeline, x, step));
  byId('charts').replaceChildren(
    figure('Reads', `${countText(most)} at most`, reads, ['hit', 'miss', 'bypass', 'rate']),
    figure('Cost of the store', `${costText(dearest)} at most`, costs, []),
  );
  const end = timeText(last.atMs + BUCKET_MS);
  setText(byId('time-hint'), `${timeText(startMs)} to ${end}, in steps of 2 seconds.`);
  byId('time-rows').replaceChildren(...timeline.toReversed().map(rowOf));
}

const NAMES: Readonly<Record<string, string>> = {
  hit: 'from the cache',
  miss: 'missed',
  bypass: 'bypassed',
  rate: 'hit rate',
};

function figure(
  title: string,
  scale: string,
  svg: SVGElement,
  names: readonly string[],
): HTMLElement {
  const swatches = names.map((name) =>
    element('li', {}, element('span', { class: `swatch ${name}` }), NAMES[name] ?? name),
  );
  return element(
    'figure',
    {},
    element(
      'figcaption',
      {},
      element('strong', {}, title),
      element('span', { class: 'scale' }, scale),
      ...(swatches.length === 0 ? [] : [element('ul', { class: 'legend' }, ...swatches)]),
    ),
    svg,
  );
}

function canvas(label: string): SVGSVGElement {
  return shape(
    'svg',
    {
      ...{ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'chart' },
      ...{ role: 'img', 'aria-label': label },
    },
    ...[0, 0.5, 1].map((share) => {
      const y = (HEIGHT - 1) * share + 0.5;
      return shape('line', { x1: 0, x2: WIDTH, y1: y, y2: y, class: 'grid' });
    }),
  );
}

function stack(
  svg: SVGElement,
  x: number,
  step: number,
  parts: readonly (readonly [name: string, share: number])[],
): void {
  let y = HEIGHT;
  for (const [name, share] of parts) {
    const height = share * (HEIGHT - 4);
    if (height === 0) continue;
    y -= height;
    svg.append(shape('rect', { x: x + 1, y, width: Math.max(1, step - 2), height, class: name }));
  }
}

/** Up to each step, of all reads before: single steps would jump. */
function rateLine(
  timeline: readonly Bucket[],
  x: (bucket: Bucket) => number,
  step: number,
): SVGElement {
  let [answered, reads] = [0, 0];
  const points = timeline.flatMap((bucket) => {
    answered += bucket.hits + bucket.shared;
    reads += readsOf(bucket);
    if (reads === 0) return [];
    return `${x(bucket) + step / 2},${HEIGHT - (answered / reads) * (HEIGHT - 4)}`;
  });
  return shape('polyline', { points: points.join(' '), class: 'rate' });
}

function rowOf(bucket: Bucket): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, timeText(bucket.atMs)),
    element('td', {}, countText(readsOf(bucket))),
    element('td', {}, percentText(hitRateOf(bucket))),
    element('td', {}, countText(bucket.writes)),
    element('td', {}, costText(bucket.costUsd)),
  );
}
