/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The texts of the page that stand out from their ground by less than `least`. Runs in the page.
 *
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
export function faintTexts(least: number): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) throw new Error('The browser has no canvas');

  /** Of a colour as CSS writes it; null where nothing of it is seen. */
  const luminanceOf = (colour: string): number | null => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    if (alpha === 0) return null;
    const linear = (part: number): number =>
      part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };

  const groundOf = (element: Element): number => {
    const box = element.closest('g.node')?.querySelector('rect');
    const own = box ? luminanceOf(getComputedStyle(box).fill) : null;
    if (own !== null) return own;
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const ground = luminanceOf(getComputedStyle(at).backgroundColor);
      if (ground !== null) return ground;
    }
    throw new Error('The page has no ground');
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint: string[] = [];
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const { parentElement: element, textContent } = text;
    if (element === null || textContent === null || textContent.trim() === '') continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const colour = element instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [luminanceOf(colour) ?? 0, groundOf(element)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < least) faint.push(`${textContent.trim()}: ${contrast.toFixed(2)}`);
  }
  return faint;
}
