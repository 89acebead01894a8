import { createPlanContext, planRead, planWrite } from '@boost/core';
import { measureInterleaved, median, type BenchGroup } from './group.ts';
import { lobsters, reads, writes } from './lobsters.ts';

const limits = { maxScopes: 1000, maxBulkRows: 600, maxParameters: 1000 } as const;

/** What planning costs before the database is asked, on the operations of the Lobsters workload. */
export const planGroup: BenchGroup = {
  name: 'plan',
  about: 'planning reads and writes of the Lobsters workload, µs (median over its operations)',
  bars: { 'plan_us.read': { max: 10 }, 'plan_us.write': { max: 10 } },
  run() {
    const metrics: Record<string, number> = {};
    for (const granularity of ['model', 'row', 'field'] as const) {
      const context = createPlanContext(lobsters, { ...limits, granularity });
      const suffix = granularity === 'field' ? '' : `.${granularity}`;
      const read = measureInterleaved(
        Object.fromEntries(
          reads.map(({ operation }, index) => [String(index), () => planRead(context, operation)]),
        ),
      );
      const write = measureInterleaved(
        Object.fromEntries(
          writes.map((operation, index) => [String(index), () => planWrite(context, operation)]),
        ),
      );
      const dependencies = measureInterleaved(
        Object.fromEntries(
          reads.map(({ operation, result }, index) => {
            const plan = planRead(context, operation);
            return [String(index), () => plan.dependencies(result)];
          }),
        ),
      );
      metrics[`plan_us.read${suffix}`] = median(Object.values(read));
      metrics[`plan_us.write${suffix}`] = median(Object.values(write));
      metrics[`plan_us.dependencies${suffix}`] = median(Object.values(dependencies));
    }
    return Promise.resolve(metrics);
  },
};
