import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

const DESCRIPTION = /^\s*accDescr: *(.+)\n/m;

/** The colours are the theme's, so that they follow its light and dark. */
const COLOURS = {
  bg: 'var(--vp-c-bg)',
  fg: 'var(--vp-c-text-1)',
  muted: 'var(--vp-c-text-2)',
  line: 'var(--vp-c-text-3)',
  font: 'inherit',
};

/** Draws the blocks of Mermaid when the site is built. @throws where one does not say in words (`accDescr`) what it shows */
export function drawDiagrams(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const { info = '', content = '' } = tokens[index] ?? {};
    if (info.trim() !== 'mermaid') return fence?.(tokens, index, options, env, self) ?? '';
    const description = DESCRIPTION.exec(content)?.[1];
    if (description === undefined) throw new Error(`A diagram has no accDescr:\n${content}`);
    const svg = renderMermaidSVG(content.replace(DESCRIPTION, ''), COLOURS)
      // The site asks nobody else for anything.
      .replace(/@import url\([^)]*\);/, '');
    const escape = md.utils.escapeHtml;
    // A template may not hold a <style>, an attribute may.
    return `<div class="diagram" role="img" aria-label="${escape(description)}" v-html="${escape(JSON.stringify(svg))}"></div>\n`;
  };
}
