import { exportsCoordinator } from '../init/add-export.js';
import { COORDINATOR_CLASS, isMigrated } from '../init/missing-bindings.js';
import type { Project } from '../project/project.js';
import { type Check, failure, type Finding, ok, warning } from './finding.js';

const RUN_INIT = 'npx prisma-boost init';

/** What the sources say of Boost, as far as a text can tell. */
interface Usage {
  readonly tier: 'free' | 'pro';
  readonly usesCoordinator: boolean;
  readonly isStrong: boolean;
}

/** The extension, its tier, and whether the coordinator is all there or not at all. */
export const checkCoordinator: Check = (project) => {
  const usage = usageOf(project);
  if (usage === undefined) {
    if (project.main === undefined) return [];
    return [
      failure(
        'No source calls createCacheExtension: nothing is cached',
        'extend the client: https://www.npmjs.com/package/prisma-boost',
      ),
    ];
  }
  return [ok(`Tier ${usage.tier}`), ...checkObject(project, usage)];
};

function usageOf({ sources }: Project): Usage | undefined {
  const texts = sources
    .map(({ text }) => withoutComments(text))
    .filter((text) => /\bcreateCacheExtension\s*\(/.test(text));
  if (texts.length === 0) return undefined;
  const has = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  return {
    tier: has(/\baccountTier\s*:\s*['"]pro['"]/) ? 'pro' : 'free',
    usesCoordinator: has(/\bcoordinator\s*[:,]/),
    isStrong: has(/\bconsistency\s*:\s*['"]strong['"]/),
  };
}

function checkObject(
  { wrangler, main }: Project,
  { tier, usesCoordinator, isStrong }: Usage,
): readonly Finding[] {
  const values = wrangler?.values ?? {};
  const objects = values.durable_objects?.bindings ?? [];
  const bound = objects.find(({ class_name }) => class_name === COORDINATOR_CLASS);
  if (!usesCoordinator) {
    if (isStrong) {
      return [
        failure("consistency 'strong' needs a coordinator: such reads are not cached", RUN_INIT),
      ];
    }
    if (bound === undefined) return [];
    const option = `coordinator: { namespace: env.${bound.name} }`;
    return [
      warning(`${COORDINATOR_CLASS} is bound and not used`, `give createCacheExtension ${option}`),
    ];
  }
  if (bound === undefined) {
    return [failure(`${COORDINATOR_CLASS} is used and not bound`, RUN_INIT)];
  }
  const findings: Finding[] = [];
  const isElsewhere = bound.script_name !== undefined;
  if (!isElsewhere && !isMigrated(values)) {
    findings.push(failure(`No migration creates ${COORDINATOR_CLASS}`, RUN_INIT));
  }
  if (!isElsewhere && main !== undefined && !exportsCoordinator(main.text)) {
    findings.push(failure(`The worker's module does not export ${COORDINATOR_CLASS}`, RUN_INIT));
  }
  if (tier === 'free') {
    findings.push(
      warning(
        "The coordinator orders writes at tier 'free'",
        "accountTier: 'pro' tells rows and fields apart",
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`Coordinator ${bound.name}`)];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, '$1');
}
