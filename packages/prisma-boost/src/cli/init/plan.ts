import type { Project } from '../project/project.js';
import { addBindings } from './add-bindings.js';
import { addExport } from './add-export.js';
import { addGenerator } from './add-generator.js';

/** One file, with what is added to it. Nothing that it has is changed. */
export interface Addition {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What a step adds, or what has to be done by hand, and why. Both undefined: it is there already. */
export interface Step {
  readonly addition?: Addition;
  readonly byHand?: string;
}

export interface InitOptions {
  /** Name of the KV binding. */
  readonly kv: string;
  /** Whether the Durable Object that orders writes is wanted. */
  readonly coordinator: boolean;
}

/** Everything that makes Boost at home in a project. */
export function planInit(project: Project, options: InitOptions): readonly Step[] {
  const steps = [addGenerator(project), addBindings(project, options)];
  return options.coordinator ? [...steps, addExport(project)] : steps;
}
