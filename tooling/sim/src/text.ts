const FIELDS = ['id', 'name', 'value', 'groupId', 'items'] as const;

/** The same text for equal answers, whatever the order of their properties. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  let count = 0;
  for (const name of FIELDS) {
    const field = fields[name];
    if (field === undefined) continue;
    text += count === 0 ? `${name} ${textOf(field)}` : ` ${name} ${textOf(field)}`;
    count += 1;
  }
  // A property that no query asks for is told as well.
  return count === Object.keys(fields).length ? `{${text}}` : JSON.stringify(value);
}
