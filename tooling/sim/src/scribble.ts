/** Spoils an answer, as its caller may: nobody else may notice. */
export function scribble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const part of value) scribble(part);
    value.length = 0;
    return;
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    scribble(fields[name]);
    fields[name] = 'spoiled';
  }
}
