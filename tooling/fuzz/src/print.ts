import { Decimal } from '@prisma/client/runtime/client';
import { isPlain } from './oracle/canonical.ts';
import type { Finding } from './oracle/finding.ts';

/** A value as TypeScript source. */
export function source(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (value instanceof Date) return `new Date('${value.toISOString()}')`;
  if (Decimal.isDecimal(value)) return `new Decimal('${String(value)}')`;
  if (value instanceof Uint8Array) return `Uint8Array.from([${[...value].join(', ')}])`;
  if ('modelName' in value && 'name' in value) {
    return `reference('${String(value.modelName)}', '${String(value.name)}')`;
  }
  if (!Array.isArray(value) && !isPlain(value)) return value.constructor.name;
  if (isPlain(value) && value['kind'] === 'write' && isPlain(value['operation'])) {
    const { model, action, args } = value['operation'];
    return `write('${String(model)}', '${String(action)}', ${source(args, indent)})`;
  }
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => source(item, deeper))
    : Object.entries(value).map(
        ([name, inner]) => `${propertyName(name)}: ${source(inner, deeper)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const line = parts.join(', ');
  if (parts.length === 0) return `${String(open)}${String(close)}`;
  if (line.length + indent.length < 90 && !line.includes('\n')) {
    return Array.isArray(value) ? `[${line}]` : `{ ${line} }`;
  }
  return `${String(open)}\n${parts.map((part) => `${deeper}${part},`).join('\n')}\n${indent}${String(close)}`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A failure as a test that can be pasted into `test/regressions.test.ts`. */
export function asTest({ kind, case: failing }: Finding): string {
  const title = [kind, failing.granularity, failing.ops.at(-1)?.kind, failing.read?.action]
    .filter(Boolean)
    .join(' ');
  const body = source(failing, '  ');
  return `test('${title}', async () => {\n  expect(await replayCase(${body}, '${kind}')).toBeUndefined();\n});`;
}
