import type { GraphRelation, GraphReply, ShownEntry, ShownWrite } from '../../wire.js';
import { byId, element, setText, shape } from './dom.js';
import { arrowHead, edgeOf, labelOf } from './edges.js';
import { several, timeText } from './format.js';
import { BOX_HEIGHT, BOX_WIDTH, layoutOf, type Box } from './layout.js';

const NARROW = matchMedia('(max-width: 760px)');
/** Boxes in a layer, standing and lying. */
const MOST = { upright: 2, lying: 10 };
/** With more models what is written on the arrows would only be in the way. */
const MAX_LABELLED = { upright: 6, lying: 20 };

interface Node {
  readonly group: SVGGElement;
  readonly count: SVGTextElement;
}

interface Edge {
  readonly relation: GraphRelation;
  readonly path: SVGPathElement;
}

/** What a write did to one model: of the graph, and of its table. */
interface Effect {
  readonly isBumped: boolean;
  readonly fell: number;
}

/** The models of the schema, what connects them, and what a write does to them. */
export class Graph {
  readonly #graph: GraphReply;
  readonly #onChoose: (model: string) => void;
  #nodes = new Map<string, Node>();
  #edges: Edge[] = [];
  #entries: readonly ShownEntry[] = [];
  #write: ShownWrite | undefined;
  #chosen: string | undefined;

  /** @param onChoose - told of the model that the user picks */
  constructor(graph: GraphReply, onChoose: (model: string) => void) {
    this.#graph = graph;
    this.#onChoose = onChoose;
    this.#draw();
    NARROW.addEventListener('change', () => this.#draw());
  }

  entries(entries: readonly ShownEntry[]): void {
    this.#entries = entries;
    this.#update();
  }

  /** Lights up what a write did. */
  show(write: ShownWrite | undefined): void {
    const isNew = write?.seq !== this.#write?.seq;
    if (isNew) this.#goOut();
    this.#write = write;
    this.#update();
    if (isNew) this.#bringIntoView();
  }

  /** Moves a picture that is larger than its frame, and not the page. */
  #bringIntoView(): void {
    const canvas = byId('graph-canvas');
    const lit = canvas.querySelector('.node.bumped')?.getBoundingClientRect();
    const frame = canvas.getBoundingClientRect();
    if (lit === undefined) return;
    canvas.scrollLeft += lit.x + lit.width / 2 - (frame.x + frame.width / 2);
    canvas.scrollTop += lit.y + lit.height / 2 - (frame.y + frame.height / 2);
  }

  choose(model: string | undefined): void {
    this.#chosen = model;
    this.#update();
  }

  #draw(): void {
    const isUpright = NARROW.matches;
    const most = isUpright ? MOST.upright : MOST.lying;
    const { boxes, width, height } = layoutOf(this.#graph, isUpright, most);
    const svg = shape('svg', {
      ...{ width, height, viewBox: `0 0 ${width} ${height}`, role: 'group' },
      'aria-label': 'Models and their relations',
    });
    const places = new Map(boxes.map((box) => [box.name, box]));
    const isLabelled = boxes.length <= (isUpright ? MAX_LABELLED.upright : MAX_LABELLED.lying);
    svg.append(arrowHead());
    this.#edges = [];
    for (const relation of this.#graph.relations) {
      const [from, to] = [places.get(relation.from), places.get(relation.to)];
      if (from === undefined || to === undefined) continue;
      const path = edgeOf(relation, from, to, isUpright);
      this.#edges.push({ relation, path });
      svg.append(path);
      // Between boxes of one layer there is no room.
      const hasRoom = isUpright ? from.y !== to.y : from.x !== to.x;
      if (isLabelled && hasRoom) svg.append(labelOf(relation, from, to));
    }
    this.#nodes = new Map(boxes.map((box) => [box.name, this.#node(box)]));
    svg.append(...[...this.#nodes.values()].map(({ group }) => group));
    byId('graph-canvas').replaceChildren(svg);
    this.#update();
  }

  #node({ name, x, y }: Box): Node {
    const count = shape('text', { x: BOX_WIDTH / 2, y: 38, class: 'count' });
    const label = shape('text', { x: BOX_WIDTH / 2, y: 22, class: 'name' }, shortName(name));
    const group = shape(
      'g',
      { transform: `translate(${x} ${y})`, class: 'node', tabindex: 0, role: 'button' },
      shape('rect', { width: BOX_WIDTH, height: BOX_HEIGHT, rx: 8 }),
      label,
      count,
    );
    const choose = (): void => this.#onChoose(name);
    group.addEventListener('click', choose);
    group.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    });
    return { group, count };
  }

  /** What lights up again is animated again. */
  #goOut(): void {
    for (const { group } of this.#nodes.values()) {
      group.classList.remove('bumped');
      group.getBoundingClientRect();
    }
  }

  #update(): void {
    const write = this.#write;
    const rows: HTMLElement[] = [];
    for (const { name } of this.#graph.models) {
      const entries = this.#entries.filter(({ model }) => model === name);
      const current = entries.filter(({ state }) => state === 'current').length;
      const effect = this.#effectOn(name);
      const fell = effect.fell > 0 ? `${effect.fell} fell` : '';
      const node = this.#nodes.get(name);
      if (node !== undefined) {
        const { group, count } = node;
        setText(count, [several(current, 'entry', 'entries'), fell].filter(Boolean).join(' · '));
        group.classList.toggle('bumped', effect.isBumped);
        group.classList.toggle('fell', effect.fell > 0);
        group.setAttribute('aria-pressed', String(this.#chosen === name));
        const lit = effect.isBumped ? 'Bumped by the write. ' : '';
        group.setAttribute('aria-description', `${lit}Shows the operations on it`);
      }
      rows.push(rowOf(name, this.#graph.relations, current, effect));
    }
    for (const { relation, path } of this.#edges) {
      path.classList.toggle('lit', write !== undefined && isLit(relation, write));
    }
    byId('graph-rows').replaceChildren(...rows);
    setText(byId('graph-hint'), hintOf(write));
  }

  #effectOn(name: string): Effect {
    const write = this.#write;
    if (write === undefined) return { isBumped: false, fell: 0 };
    const isBumped = write.bumped.includes(name) || write.bumped.includes('*');
    const keys = new Set(write.fell);
    const fell = this.#entries.filter(({ key, model }) => model === name && keys.has(key)).length;
    return { isBumped, fell };
  }
}

function hintOf(write: ShownWrite | undefined): string {
  if (write === undefined) return 'A write lights up the models it bumped.';
  const what =
    write.model === '*' ? 'a raw write or a manual invalidation' : `a write to ${write.model}`;
  return `${timeText(write.atMs)}: ${what} bumped ${write.bumped.join(', ') || 'nothing'}; ${several(write.fell.length, 'entry', 'entries')} fell.`;
}

function effectText({ isBumped, fell }: Effect): string {
  return [isBumped ? 'bumped' : '', fell > 0 ? `${fell} fell` : ''].filter(Boolean).join(', ');
}

function isLit({ from, to, by, kind }: GraphRelation, { bumped }: ShownWrite): boolean {
  if (bumped.includes('*')) return true;
  if (kind === 'join') return bumped.includes(by);
  return bumped.includes(from) && bumped.includes(to);
}

function rowOf(
  name: string,
  relations: readonly GraphRelation[],
  current: number,
  effect: Effect,
): HTMLElement {
  const texts = relations.flatMap(({ from, to, by, kind, onDelete }) => {
    if (from === name && kind === 'key') return `${by} → ${to} (on delete: ${onDelete})`;
    if (from === name || (to === name && kind === 'join')) {
      return `many to many with ${from === name ? to : from}`;
    }
    return [];
  });
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    element('td', {}, texts.join('; ') || '–'),
    element('td', {}, String(current)),
    element('td', {}, effectText(effect) || '–'),
  );
}

function shortName(name: string): string {
  return name.length <= 16 ? name : `${name.slice(0, 15)}…`;
}
