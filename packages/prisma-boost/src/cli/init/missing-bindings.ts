import type { WranglerValues } from '../project/wrangler-config.js';
import type { InitOptions } from './plan.js';

/** An item of one of the lists in Wrangler's configuration. */
export interface NewBinding {
  readonly path: readonly string[];
  readonly value: Readonly<Record<string, string | readonly string[]>>;
}

export const COORDINATOR_CLASS = 'EpochCoordinator';
export const COORDINATOR_BINDING = 'EPOCH_COORDINATOR';
/** Until `wrangler kv namespace create` has given one. */
export const KV_ID = 'your-kv-namespace-id';

/** What Boost needs and the configuration has not. */
export function missingBindings(
  values: WranglerValues,
  { kv, coordinator }: InitOptions,
): readonly NewBinding[] {
  const missing: NewBinding[] = [];
  if (!(values.kv_namespaces ?? []).some(({ binding }) => binding === kv)) {
    missing.push({ path: ['kv_namespaces'], value: { binding: kv, id: KV_ID } });
  }
  if (!coordinator) return missing;
  const objects = values.durable_objects?.bindings ?? [];
  const isBound = objects.some(({ class_name }) => class_name === COORDINATOR_CLASS);
  const isElsewhere = objects.some(
    ({ class_name, script_name }) => class_name === COORDINATOR_CLASS && script_name !== undefined,
  );
  if (!isBound) {
    missing.push({
      path: ['durable_objects', 'bindings'],
      value: { name: COORDINATOR_BINDING, class_name: COORDINATOR_CLASS },
    });
  }
  if (!isElsewhere && !isMigrated(values)) {
    missing.push({
      path: ['migrations'],
      value: { tag: newTag(values), new_sqlite_classes: [COORDINATOR_CLASS] },
    });
  }
  return missing;
}

/** Whether a migration creates the class, in whichever kind of storage. */
export function isMigrated({ migrations = [] }: WranglerValues): boolean {
  return migrations.some(({ new_classes = [], new_sqlite_classes = [] }) =>
    [...new_classes, ...new_sqlite_classes].includes(COORDINATOR_CLASS),
  );
}

/** Wrangler applies those after the one that it applied last: a new one needs a tag of its own. */
function newTag({ migrations = [] }: WranglerValues): string {
  const tags = new Set(migrations.map(({ tag }) => tag));
  for (let version = tags.size + 1; ; version++) {
    const tag = `v${String(version)}`;
    if (!tags.has(tag)) return tag;
  }
}
