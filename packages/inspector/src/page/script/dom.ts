type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string;

const SVG = 'http://www.w3.org/2000/svg';

/** An element. Texts become text nodes: nothing that was observed is ever read as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

export function shape<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found;
}

export function setText(target: Element, text: string): void {
  // Whoever reads a text that did not change is not disturbed.
  if (target.textContent !== text) target.textContent = text;
}

/** Scopes, or anything of the kind, as separate words. */
export function words(texts: readonly string[], more = 0): HTMLElement {
  const items = texts.map((text) => element('li', {}, element('code', {}, text)));
  if (more > 0) items.push(element('li', { class: 'more' }, `and ${more} more`));
  return element('ul', { class: 'words' }, ...items);
}

function filled<T extends Element>(
  target: T,
  attributes: Attributes,
  children: readonly Child[],
): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) target.setAttribute(name, String(value));
  }
  target.append(...children);
  return target;
}
