import type { ModelText, Schema } from '@boost/core';
import type { GeneratorOptions } from '@prisma/generator-helper';
import { badOption, type GeneratorConfig } from './options.js';

export type Tracking = Pick<GeneratorConfig, 'track' | 'untrack'>;

/** A model with the keys added and removed that the user names. */
export function withTracking(name: string, model: ModelText, tracking: Tracking): ModelText {
  const untrack = tracking.untrack.get(name) ?? [];
  const removed = new Set(untrack.map(String));
  const track = [...model.track, ...(tracking.track.get(name) ?? [])];
  return { ...model, track: track.filter((key) => !removed.has(String(key))), untrack };
}

/**
 * An option that comes to nothing is a mistake: better said than silently left out.
 *
 * @throws Error with file and line
 */
export function checkTracking(
  options: GeneratorOptions,
  { track, untrack }: Tracking,
  compile: (tracking: Tracking) => Schema,
): void {
  if (track.size + untrack.size === 0) return;
  const schema = compile({ track, untrack: new Map() });
  const isTracked = (name: string, key: string): boolean =>
    schema.model(name).tracked.map(String).includes(key);
  for (const [name, key] of entries(track)) {
    if (entries(untrack).some(([other, removed]) => other === name && removed === key)) {
      throw badOption(options, 'track', `${name}.${key} is both tracked and untracked.`);
    }
    if (!isTracked(name, key)) {
      throw badOption(
        options,
        'track',
        `${name}.${key} cannot be tracked: the database decides itself when its values are equal.`,
      );
    }
  }
  for (const [name, key] of entries(untrack)) {
    if (!isTracked(name, key)) {
      throw badOption(options, 'untrack', `${name}.${key} is not tracked.`);
    }
  }
}

function entries(keys: Tracking['track']): [name: string, key: string][] {
  return [...keys].flatMap(([name, list]) =>
    list.map((key): [string, string] => [name, String(key)]),
  );
}
