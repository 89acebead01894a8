import { resolve } from 'node:path';
import { createSqlApi } from '@boost/analytics';
import { BoostError } from '@boost/core';
import { Command } from 'commander';
import { readEvents } from '../report/events-file.js';
import { printReport } from '../report/print.js';
import { DATASETS, reportOf, reportOfEvents, type Report } from '../report/report.js';
import { line, type Terminal } from '../terminal.js';

interface ReportOptions {
  readonly days?: number;
  readonly events?: string;
  readonly json?: true;
  readonly baseUrl?: string;
  readonly performanceDataset?: string;
}

/** `prisma-boost report`: hit rates, costs and tenants in the terminal, from Analytics Engine or from a file. */
export function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .description(
      'Show hit rates, costs and tenants, from Analytics Engine (CF_ACCOUNT_ID, CF_API_TOKEN, CF_ANALYTICS_DATASET) or from a file',
    )
    .option('--days <number>', 'how far back to look: 1 to 90', daysOf)
    .option('--events <path>', 'a local file of data points instead, one of JSON a line')
    .option('--json', 'print JSON')
    .option('--base-url <url>', "where Cloudflare's API is; or CF_API_BASE_URL")
    .option('--performance-dataset <name>', `the dataset of reads, ${DATASETS.performance}`)
    .action(async (options: ReportOptions) => {
      const report = await make(terminal, options);
      if (options.json === true) line(terminal, JSON.stringify(report, undefined, 2));
      else printReport(terminal, report);
    });
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 90) return days;
  throw new BoostError('BOOST_OPTION_INVALID', `--days ${text}: give a whole number, 1 to 90`, {
    details: { name: 'days' },
  });
}

async function make({ cwd, environment }: Terminal, options: ReportOptions): Promise<Report> {
  const { days, events } = options;
  if (events !== undefined) {
    return reportOfEvents(await readEvents(resolve(cwd, events), events), Date.now(), days);
  }
  const { CF_ACCOUNT_ID: accountId, CF_API_TOKEN: apiToken } = environment;
  if (!accountId || !apiToken) {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      'report asks Analytics Engine: set CF_ACCOUNT_ID and CF_API_TOKEN, a token that may read Account Analytics, or give --events FILE',
      { details: { name: accountId ? 'CF_API_TOKEN' : 'CF_ACCOUNT_ID' } },
    );
  }
  const baseUrl = options.baseUrl ?? environment['CF_API_BASE_URL'];
  const api = createSqlApi({ accountId, apiToken, ...(baseUrl ? { baseUrl } : {}) });
  return reportOf(
    api,
    {
      performance: options.performanceDataset ?? DATASETS.performance,
      invalidations: environment['CF_ANALYTICS_DATASET'] || DATASETS.invalidations,
    },
    days,
  );
}
