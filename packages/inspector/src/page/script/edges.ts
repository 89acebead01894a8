import type { GraphRelation } from '../../wire.js';
import { shape } from './dom.js';
import { BOW, BOX_HEIGHT, BOX_WIDTH, type Box } from './layout.js';

export function arrowHead(): SVGElement {
  const marker = shape(
    'marker',
    {
      ...{ id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4 },
      ...{ markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' },
    },
    shape('path', { d: 'M0 0 8 4 0 8z' }),
  );
  return shape('defs', {}, marker);
}

/** From the holder of the key to whom it refers; a many-to-many relation has no direction. */
export function edgeOf(
  { kind }: GraphRelation,
  from: Box,
  to: Box,
  isUpright: boolean,
): SVGPathElement {
  const attributes = {
    d: from === to ? loop(from) : isUpright ? standing(from, to) : lying(from, to),
    class: `edge ${kind}`,
    'marker-end': kind === 'key' ? 'url(#arrow)' : undefined,
  };
  return shape('path', attributes);
}

function lying(from: Box, to: Box): string {
  const [y1, y2] = [from.y + BOX_HEIGHT / 2, to.y + BOX_HEIGHT / 2];
  if (from.x === to.x) {
    const bow = from.x - BOW;
    return `M${from.x} ${y1} C${bow} ${y1} ${bow} ${y2} ${to.x} ${y2}`;
  }
  const isBack = from.x > to.x;
  const [x1, x2] = isBack ? [from.x, to.x + BOX_WIDTH] : [from.x + BOX_WIDTH, to.x];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function standing(from: Box, to: Box): string {
  const [x1, x2] = [from.x + BOX_WIDTH / 2, to.x + BOX_WIDTH / 2];
  if (from.y === to.y) {
    const y = from.y + BOX_HEIGHT / 2;
    const [start, end] = from.x < to.x ? [from.x + BOX_WIDTH, to.x] : [from.x, to.x + BOX_WIDTH];
    return `M${start} ${y} L${end} ${y}`;
  }
  const isBack = from.y > to.y;
  const [y1, y2] = isBack ? [from.y, to.y + BOX_HEIGHT] : [from.y + BOX_HEIGHT, to.y];
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}

function loop({ x, y }: Box): string {
  const [right, top] = [x + BOX_WIDTH - 26, y];
  return `M${right} ${top} C${right} ${top - 16} ${right + 18} ${top - 16} ${right + 18} ${top}`;
}

export function labelOf({ by, kind }: GraphRelation, from: Box, to: Box): SVGTextElement {
  const x = (from.x + to.x + BOX_WIDTH) / 2;
  const y = (from.y + to.y + BOX_HEIGHT) / 2;
  const attributes = { x, y: y - 6, class: 'by', 'text-anchor': 'middle' };
  return shape('text', attributes, kind === 'join' ? 'n : m' : by);
}
