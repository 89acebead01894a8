import { applyEdits, type FormattingOptions, type JSONPath, modify } from 'jsonc-parser';
import type { Project } from '../project/project.js';
import {
  parseWrangler,
  type WranglerConfig,
  type WranglerValues,
} from '../project/wrangler-config.js';
import { missingBindings, type NewBinding } from './missing-bindings.js';
import type { InitOptions, Step } from './plan.js';

/** The bindings that are missing, at the end of what is there. */
export function addBindings({ wrangler }: Project, options: InitOptions): Step {
  if (wrangler === undefined) {
    const missing = missingBindings({}, options).map(inToml).join('\n\n');
    return {
      byHand: `No wrangler.toml or wrangler.jsonc was found: give it with --config. It needs\n\n${missing}`,
    };
  }
  const { path, text } = wrangler;
  const missing = missingBindings(wrangler.values, options);
  if (missing.length === 0) return {};
  const after = withBindings(wrangler, missing);
  if (isUnderstood(wrangler, after, options)) return { addition: { path, before: text, after } };
  const lines = missing.map(inToml).join('\n\n');
  return {
    byHand: `${path} has these lists in a form that nothing can be added to. It needs\n\n${lines}`,
  };
}

function withBindings({ format, text }: WranglerConfig, missing: readonly NewBinding[]): string {
  if (format === 'toml') return `${text.trimEnd()}\n\n${missing.map(inToml).join('\n\n')}\n`;
  const formattingOptions = formattingOf(text);
  return missing.reduce((edited, { path, value }) => {
    const at: JSONPath = [...path, -1];
    return applyEdits(
      edited,
      modify(edited, at, value, { formattingOptions, isArrayInsertion: true }),
    );
  }, text);
}

/** TOML refuses what is added to a list that was written inline, and some of it only in full. */
function isUnderstood(wrangler: WranglerConfig, after: string, options: InitOptions): boolean {
  let values: WranglerValues;
  try {
    values = parseWrangler({ path: wrangler.path, text: after }, wrangler.format);
  } catch {
    // The reason is that of our own addition: what the file had was read before.
    return false;
  }
  return missingBindings(values, options).length === 0;
}

function inToml({ path, value }: NewBinding): string {
  const pairs = Object.entries(value).map(([name, item]) => `${name} = ${JSON.stringify(item)}`);
  return [`[[${path.join('.')}]]`, ...pairs].join('\n');
}

function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const insertSpaces = !indent.startsWith('\t');
  return { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol: '\n' };
}
