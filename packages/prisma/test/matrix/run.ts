import { expect } from 'vitest';
import type { Operation } from './operations.js';

type Delegates = Readonly<
  Record<string, Readonly<Record<string, (args?: object) => Promise<unknown>>>>
>;

/** The answer of an operation, its error included: some fail, and then they have to fail alike. */
export async function answer(
  client: unknown,
  { model, action, args }: Operation,
): Promise<unknown> {
  const delegate = (client as Delegates)[model];
  const call = delegate?.[action];
  if (delegate === undefined || call === undefined)
    throw new Error(`No operation ${model}.${action}`);
  try {
    return await call.call(delegate, args);
  } catch (error) {
    return { code: (error as { readonly code?: unknown }).code ?? String(error) };
  }
}

export async function answers(
  client: unknown,
  operations: Readonly<Record<string, Operation>>,
): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(operations)) {
    all[name] = await answer(client, operation);
  }
  return all;
}

/** Compares by value and by type: a date that became a string is no date. */
export function expectSame(actual: unknown, expected: unknown, title?: string): void {
  expect(actual, title).toStrictEqual(expected);
}
