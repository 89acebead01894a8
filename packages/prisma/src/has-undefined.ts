import { isPlainObject } from '@boost/core';

/** Whether a property, at any depth, is there and undefined. */
export function hasUndefined(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUndefined);
  if (!isPlainObject(value)) return false;
  return Object.values(value).some((part) => part === undefined || hasUndefined(part));
}
