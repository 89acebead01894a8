import type { Project } from '../project/project.js';

/** What a check says. */
export interface Finding {
  /** `error`: it does not work like this. `warning`: it may not, or could not be looked at. */
  readonly level: 'ok' | 'warning' | 'error';
  readonly text: string;
  /** What to do. */
  readonly fix?: string;
}

export type Check = (project: Project) => readonly Finding[] | Promise<readonly Finding[]>;

export function ok(text: string): Finding {
  return { level: 'ok', text };
}

export function warning(text: string, fix: string): Finding {
  return { level: 'warning', text, fix };
}

export function failure(text: string, fix: string): Finding {
  return { level: 'error', text, fix };
}
