import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capSamples, createSqlApi, daySample, deriveCaps } from '@boost/analytics';
import type { CacheConfig, ModelCaps } from '@boost/core';
import type { GeneratorConfig } from './options.js';

/** The part of the config that is learned or set, and not built from the schema. */
export type Learned = Pick<CacheConfig, 'caps' | 'budget'>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Longest that a build waits for Analytics Engine, unless `CF_ANALYTICS_TIMEOUT_MS` says otherwise. */
const TIMEOUT_MS = 5_000;

export interface LearnOptions {
  readonly environment: Environment;
  /** Models that there are: caps of others are dropped. */
  readonly models: readonly string[];
  readonly nowMs: number;
  /** Takes one line of text. */
  readonly print: (line: string) => void;
}

/**
 * Caps as production needs them, where the environment says how to ask: `CF_ACCOUNT_ID`, `CF_API_TOKEN`, `CF_ANALYTICS_DATASET`;
 * and `CF_MAX_MONTHLY_BUDGET_USD`. What goes wrong is printed, and the last caps stay: a build never fails for it.
 */
export async function learn(config: GeneratorConfig, options: LearnOptions): Promise<Learned> {
  const { environment, models, print } = options;
  const last = await lastCaps(config, print);
  const budget = budgetOf(environment, print);
  const asked = await derived(options);
  if (asked !== undefined) printChanges(last, asked.caps, asked.reasons, print);
  const kept = Object.entries(asked?.caps ?? last).filter(([model]) => models.includes(model));
  return {
    ...(kept.length === 0 ? {} : { caps: Object.fromEntries(kept) }),
    ...(budget === undefined ? {} : { budget: { maxMonthlyUsd: budget } }),
  };
}

async function derived({
  environment,
  nowMs,
  print,
}: LearnOptions): Promise<ReturnType<typeof deriveCaps> | undefined> {
  const {
    CF_ACCOUNT_ID: accountId,
    CF_API_TOKEN: apiToken,
    CF_ANALYTICS_DATASET: dataset,
    CF_API_BASE_URL: baseUrl,
    CF_ANALYTICS_TIMEOUT_MS: timeout,
  } = environment;
  if (!accountId || !apiToken || !dataset) return undefined;
  try {
    const timeoutMs = Number(timeout) > 0 ? Number(timeout) : TIMEOUT_MS;
    const base = baseUrl === undefined ? {} : { baseUrl };
    const api = createSqlApi({ accountId, apiToken, timeoutMs, ...base });
    const rows = await api.query(capSamples({ dataset }));
    return deriveCaps(rows.map(daySample), new Date(nowMs).toISOString().slice(0, 10));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    print(`warn: Boost keeps the caps that it has. ${message.replaceAll(apiToken, '…')}`);
    return undefined;
  }
}

function budgetOf({ CF_MAX_MONTHLY_BUDGET_USD: text }: Environment, print: LearnOptions['print']) {
  if (text === undefined || text === '') return undefined;
  const usd = Number(text);
  if (Number.isFinite(usd) && usd > 0) return usd;
  print(`warn: CF_MAX_MONTHLY_BUDGET_USD is ${JSON.stringify(text)}: give US dollars, "5.00" say`);
  return undefined;
}

type Caps = Readonly<Record<string, ModelCaps>>;

const FILES = ['cacheConfig.js', 'cacheConfig.cjs', 'cacheConfig.ts'];
const CAPS = /^(?:export const|exports\.)\s?caps = (.*);$/m;

/** The caps of the module that is there. Whatever else it holds is none of them: a build does not fail for it. */
async function lastCaps({ output }: GeneratorConfig, print: LearnOptions['print']): Promise<Caps> {
  for (const name of FILES) {
    let text: string;
    try {
      text = await readFile(join(output, name), 'utf8');
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'ENOENT') {
        print(`warn: Boost cannot read the caps in ${name}: ${String(error)}`);
      }
      continue;
    }
    const [, written] = CAPS.exec(text) ?? [];
    if (written === undefined) continue;
    const caps = parseCaps(written);
    if (caps !== undefined) return caps;
    print(`warn: Boost does not understand the caps in ${name}, and begins without any`);
  }
  return {};
}

function parseCaps(text: string): Caps | undefined {
  let caps: unknown;
  try {
    caps = JSON.parse(text);
  } catch {
    // As good as none: whoever edited the module is told.
    return undefined;
  }
  return isRecord(caps) && Object.values(caps).every(isCaps) ? (caps as Caps) : undefined;
}

function isCaps(caps: unknown): caps is ModelCaps {
  if (!isRecord(caps)) return false;
  return Object.entries(caps).every(([name, value]) =>
    name === 'strategy' ? value === 'epoch' : Number.isInteger(value) && (value as number) >= 0,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function printChanges(
  last: Caps,
  caps: Caps,
  reasons: Readonly<Record<string, string>>,
  print: LearnOptions['print'],
): void {
  for (const model of [...new Set([...Object.keys(last), ...Object.keys(caps)])].sort()) {
    const [before, after] = [shown(last[model]), shown(caps[model])];
    if (before === after) continue;
    print(`Boost caps of ${model}: ${before} → ${after} (${reasons[model] ?? 'no samples'})`);
  }
}

function shown(caps: ModelCaps | undefined): string {
  const entries = Object.entries(caps ?? {});
  if (entries.length === 0) return 'as the tier allows';
  return entries.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}
