import { providerOf } from '@boost-tooling/database';

const SCALARS = 'String|Boolean|Int|BigInt|Float|Decimal|DateTime|Json|Bytes';

/** The same schema for another provider, as near as that one can come. What it has no words for is left out. */
export function withProvider(text: string, provider: 'sqlite' | 'postgresql'): string {
  const from = providerOf(text);
  if (from === provider) return text;
  const named = text.replace(
    /(datasource\s+\w+\s*\{[^}]*?^\s*provider\s*=\s*)"\w+"/m,
    `$1"${provider}"`,
  );
  return provider === 'sqlite' ? withoutPostgres(named) : named;
}

/** SQLite has no native types, lists, schemas, index methods or functions as defaults. */
function withoutPostgres(text: string): string {
  const enums = [...text.matchAll(/^enum\s+(\w+)/gm)].map(([, name]) => name);
  const list = new RegExp(`^\\s+(\\w+)\\s+(?:${[SCALARS, ...enums].join('|')})\\[\\].*$`);
  const dropped: string[] = [];
  const lines = text
    .replace(/^\s*(?:schemas|extensions|relationMode)\s*=.*$/gm, (line) =>
      line.includes('relationMode') ? line : '',
    )
    .split('\n')
    .filter((line) => {
      const name = list.exec(line)?.[1] ?? /^\s+(\w+)\s+Unsupported\(/.exec(line)?.[1];
      if (name !== undefined) dropped.push(name);
      return name === undefined && !/^\s*@@schema\(/.test(line);
    })
    .map((line) =>
      line
        .replace(/\s@db\.\w+(?:\([^)]*\))?/g, '')
        .replace(/@default\(dbgenerated\((?:[^()]|\([^()]*\))*\)\)/g, '')
        .replace(/(\sJson\??\s.*)@default\("(?:[^"\\]|\\.)*"\)/, '$1')
        .replace(/@id\(map:\s*"[^"]*"\)/g, '@id')
        .replace(/(@@id\(\[[^\]]*\]),\s*map:\s*"[^"]*"/g, '$1')
        .replace(/,\s*type:\s*\w+/g, '')
        .replace(/\(ops:\s*\w+(?:\([^)]*\))?\)/g, '')
        .replace(/,\s*clustered:\s*\w+/g, ''),
    );
  // An index of a field that is gone.
  const gone = new RegExp(`@@\\w+\\(\\[[^\\]]*\\b(?:${dropped.join('|')})\\b`);
  return lines.filter((line) => dropped.length === 0 || !gone.test(line)).join('\n');
}
