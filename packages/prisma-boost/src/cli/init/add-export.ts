import type { Project } from '../project/project.js';
import type { Step } from './plan.js';
import { COORDINATOR_CLASS } from './missing-bindings.js';

const EXPORT = `export { ${COORDINATOR_CLASS} } from 'prisma-boost/coordinator';`;

/** Whether a module exports the class, by itself or through a module of the project. */
export function exportsCoordinator(text: string): boolean {
  const isNamed = new RegExp(`^\\s*export\\s[^;]*\\b${COORDINATOR_CLASS}\\b`, 'm').test(text);
  return isNamed || /^\s*export\s+\*\s+from\s+['"][^'"]*coordinator['"]/m.test(text);
}

/** The class of the coordinator, at the end of the module that Wrangler's `main` names. */
export function addExport({ wrangler, main }: Project): Step {
  const isElsewhere = wrangler?.values.durable_objects?.bindings?.some(
    ({ class_name, script_name }) => class_name === COORDINATOR_CLASS && script_name !== undefined,
  );
  if (isElsewhere === true) return {};
  if (main === undefined) {
    return {
      byHand: `Wrangler's configuration names no "main" that is there. The module of the worker needs\n\n${EXPORT}`,
    };
  }
  const { path, text } = main;
  if (exportsCoordinator(text)) return {};
  return { addition: { path, before: text, after: `${text.trimEnd()}\n\n${EXPORT}\n` } };
}
