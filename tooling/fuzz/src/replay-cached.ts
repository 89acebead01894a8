import type { ClientRead } from './generate/client-read.ts';
import { resultOperation } from './generate/client-read.ts';
import { createStore, extend } from './oracle/cached-client.ts';
import { canonicalResult } from './oracle/canonical.ts';
import { settle } from './oracle/cache.ts';
import { ask, performOn } from './oracle/client-calls.ts';
import type { Case } from './oracle/finding.ts';
import { resolveReferences } from './reference.ts';
import type { Seen, Stage } from './replay.ts';
import { errorCode, type PrismaClient } from './schema/client.ts';

/** Plays a case through a client with the cache in front: its history, its read, its op, and its read again. */
export async function replayCached(stage: Stage, given: Case): Promise<Seen | undefined> {
  const { schema, client } = stage;
  const { granularity, cache: settings } = given;
  if (settings === undefined || given.read === undefined) return undefined;
  const { history, ops, read } = resolveReferences(schema.info, client, {
    history: given.history,
    ops: given.ops,
    read: {
      operation: given.read,
      ...(settings.fluent === undefined ? {} : { fluent: settings.fluent }),
    },
  });
  const { fieldTracking } = given.settings.options;
  const { tenant } = settings;
  const cached = extend(client, {
    config: schema.config,
    store: createStore(settings.authority),
    granularity,
    policy: settings.policy ?? {},
    ...(fieldTracking === undefined ? {} : { fieldTracking }),
    ...(tenant === undefined ? {} : { context: () => ({ tenantId: tenant }) }),
    onEvent: () => undefined,
    onError: () => undefined,
  });
  for (const earlier of history) await performOn(schema.info, cached, earlier);
  // Twice: the second time it is in the cache.
  for (let i = 0; i < 2; i++) {
    await answer(stage, cached, read);
    await settle();
  }
  for (const op of ops) {
    await performOn(schema.info, cached, op);
    await settle();
  }
  const after = await answer(stage, cached, read);
  const before = await answer(stage, client, read);
  return before === after ? undefined : { before, after, deps: [], bumps: [] };
}

async function answer({ schema }: Stage, client: PrismaClient, read: ClientRead): Promise<string> {
  try {
    const result = await ask(schema.info, client, read);
    return canonicalResult(schema.info, resultOperation(schema.info, read), result);
  } catch (error) {
    return `error ${errorCode(error)}`;
  }
}
