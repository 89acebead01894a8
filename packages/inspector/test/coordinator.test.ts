import type { CoordinatorRpc } from '@boost/coordinator';
import { scopeHash } from '@boost/core';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { createInspector } from '../src/index.js';
import type { CoordinatorReply } from '../src/wire.js';
import { ask, told } from './support/ask.js';
import { freshConfig } from './support/config.js';
import { TestEngine } from './support/engine.js';

const { EPOCH_COORDINATOR: namespace } = env as unknown as {
  readonly EPOCH_COORDINATOR: DurableObjectNamespace;
};

function objectOf(name: string): CoordinatorRpc {
  return namespace.get(namespace.idFromName(name)) as unknown as CoordinatorRpc;
}

test('the objects of the tenants that were seen tell of the writes they hold open', async () => {
  const config = freshConfig();
  const inspector = createInspector({ enabled: true, config, coordinator: { namespace } });
  await new TestEngine(config, inspector.hooks, 'acme').post(1);
  const known = scopeHash('Post!');
  await objectOf('epoch-acme').begin('write-1', Float64Array.of(known, 12_345), 10_000);
  await objectOf('epoch-public-0').begin('write-2', Float64Array.of(2 ** 53 - known), 10_000);

  const reply = await told<CoordinatorReply>(inspector, 'coordinator');
  expect(reply).toMatchObject({ configured: true, left: 0 });
  expect(reply.objects).toMatchObject([
    { name: 'epoch-public-0', fences: [{ id: 'write-2', scopes: ['Post!'], unknown: 0 }] },
    { name: 'epoch-acme', seq: 1, fences: [{ id: 'write-1', scopes: ['Post!'], unknown: 1 }] },
  ]);

  await objectOf('epoch-acme').commit('write-1', Float64Array.of(known));
  const { objects } = await told<CoordinatorReply>(inspector, 'coordinator');
  expect(objects[1]).toMatchObject({ name: 'epoch-acme', seq: 2, fences: [] });
});

test('tenants that never share anything have no public object', async () => {
  const config = freshConfig();
  const coordinator = { namespace, crossTenant: false };
  const inspector = createInspector({ enabled: true, config, coordinator });
  await new TestEngine(config, inspector.hooks, 'apart').post(1);
  const { objects } = await told<CoordinatorReply>(inspector, 'coordinator');
  expect(objects.map(({ name }) => name)).toEqual(['epoch-apart']);
});

test('without a coordinator there is nothing to ask', async () => {
  const inspector = createInspector({ enabled: true, config: freshConfig() });
  const reply = { configured: false, objects: [], left: 0 };
  expect(await told<CoordinatorReply>(inspector, 'coordinator')).toEqual(reply);
});

test('a coordinator that cannot be reached is told as an error', async () => {
  const broken = {
    idFromName: (): never => {
      throw new Error('SECRET');
    },
    get: () => undefined,
  };
  const coordinator = { namespace: broken };
  const inspector = createInspector({ enabled: true, config: freshConfig(), coordinator });
  const response = await ask(inspector, 'http://localhost/__boost/coordinator');
  expect([response.status, await response.text()]).toEqual([
    502,
    'The coordinator did not answer.\n',
  ]);
  const events = await ask(inspector, 'http://localhost/__boost/events');
  expect(await events.json()).toMatchObject({ events: [{ kind: 'error', operation: 'inspect' }] });
});
