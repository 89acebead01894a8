import type { GraphReply } from '../../wire.js';

export interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly width: number;
  readonly height: number;
}

export const BOX_WIDTH = 146;
export const BOX_HEIGHT = 52;
const GAP = 18;
/** Between layers: room for arrows and what is written on them. */
const LAYER_GAP = 76;
const MARGIN = 14;
/** What bows out beside a layer: relations between models of the same one. */
export const BOW = 30;

/**
 * Places the models in layers: who holds a key lies one layer beyond whom it refers to. The same schema always gives the same
 * picture.
 *
 * @param isUpright - layers from top to bottom, for narrow windows
 * @param most - boxes that a layer takes before it is broken
 */
export function layoutOf(graph: GraphReply, isUpright: boolean, most: number): Layout {
  const layers = broken(ordered(layersOf(graph), graph), most);
  const across = isUpright ? BOX_WIDTH : BOX_HEIGHT;
  const along = isUpright ? BOX_HEIGHT : BOX_WIDTH;
  const extent = (count: number): number => count * across + (count - 1) * GAP;
  const breadth = extent(Math.max(1, ...layers.map(({ length }) => length)));
  const boxes = layers.flatMap((layer, depth) => {
    const start = MARGIN + (breadth - extent(layer.length)) / 2;
    const far = MARGIN + depth * (along + LAYER_GAP);
    return layer.map((name, place) => {
      const near = start + place * (across + GAP);
      return isUpright ? { name, x: near, y: far } : { name, x: far + BOW, y: near };
    });
  });
  const depth = layers.length * along + Math.max(0, layers.length - 1) * LAYER_GAP;
  const [width, height] = isUpright ? [breadth, depth] : [depth + BOW, breadth];
  return { boxes, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
}

/** By the longest way of keys to a model that holds none; what closes a circle does not count. */
function layersOf({ models, relations }: GraphReply): readonly (readonly string[])[] {
  const depths = new Map<string, number>();
  const depthOf = (name: string, way: readonly string[]): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const targets = relations
      .filter(({ kind, from, to }) => kind === 'key' && from === name && !way.includes(to))
      .map(({ to }) => to)
      .filter((to) => to !== name);
    const depth = Math.max(-1, ...targets.map((to) => depthOf(to, [...way, name]))) + 1;
    depths.set(name, depth);
    return depth;
  };
  const layers: string[][] = [];
  for (const { name } of models) (layers[depthOf(name, [])] ??= []).push(name);
  return Array.from(layers, (layer) => layer ?? []);
}

/** Within a layer, next to those of the layer before that they refer to. */
function ordered(
  layers: readonly (readonly string[])[],
  { relations }: GraphReply,
): readonly (readonly string[])[] {
  const placed = new Map<string, number>();
  const isRelated = (name: string): boolean =>
    relations.some(({ from, to }) => from === name || to === name);
  return layers.map((layer) => {
    const wish = (name: string): number => {
      const places = relations
        .filter(({ from, to }) => from === name || to === name)
        .flatMap(({ from, to }) => placed.get(from === name ? to : from) ?? []);
      // Models on their own come last.
      if (places.length === 0) return isRelated(name) ? 0 : Infinity;
      return places.reduce((sum, place) => sum + place, 0) / places.length;
    };
    const wishes = new Map(layer.map((name) => [name, wish(name)]));
    const result = layer.toSorted((a, b) => {
      const [first = 0, second = 0] = [wishes.get(a), wishes.get(b)];
      return first === second ? layer.indexOf(a) - layer.indexOf(b) : first - second;
    });
    result.forEach((name, place) => placed.set(name, (place + 1) / (result.length + 1)));
    return result;
  });
}

function broken(
  layers: readonly (readonly string[])[],
  most: number,
): readonly (readonly string[])[] {
  return layers.flatMap((layer) =>
    Array.from({ length: Math.ceil(layer.length / most) }, (_, part) =>
      layer.slice(part * most, (part + 1) * most),
    ),
  );
}
