import { BuildError } from './errors.ts';

/** Where a plan was found. */
export interface PlanLocation {
  /** Directory of the plan: `PLAN_CONTEXT`. */
  readonly directory: string;
  readonly file: string;
  /** What the author should know about the choice. */
  readonly warnings: readonly string[];
}

/** Name of the file that this program reads. */
export const PLAN_FILE = 'plan.sh';

/** Where plans may lie, the target's own places last. @see spec/plan-build, 3 */
export function planCandidates(context: string, target: string): readonly string[] {
  const base = context === '/' ? '' : context;
  return [
    `${base}/${PLAN_FILE}`,
    `${base}/habitat/${PLAN_FILE}`,
    `${base}/${target}/${PLAN_FILE}`,
    `${base}/habitat/${target}/${PLAN_FILE}`,
  ];
}

/** Where a plan for Windows would lie. It is of no use here, but tells what somebody may have meant. */
export function windowsPlans(candidates: readonly string[]): readonly string[] {
  return candidates.map((path) => `${path.slice(0, -PLAN_FILE.length)}plan.ps1`);
}

/**
 * Chooses the plan of a context: one made for the target wins over one for all targets; of either kind there may be one.
 *
 * @param exists - Asked for each candidate, and for plans of Windows when there is none.
 * @throws {@link BuildError} `BUILD_PLAN_LOCATION`, status 42.
 */
export function locatePlan(context: string, target: string, exists: (path: string) => boolean): PlanLocation {
  const candidates = planCandidates(context, target);
  const plain = candidates.slice(0, 2).filter(exists);
  const targeted = candidates.slice(2).filter(exists);
  const counted = targeted.length > 0 ? targeted : plain;
  const [file, another] = counted;
  if (file === undefined) {
    const windows = windowsPlans(candidates).find(exists);
    throw new BuildError('BUILD_PLAN_LOCATION', `Plan file not found in any of these paths: ${candidates.join(',')}`, {
      details: { status: 42, paths: candidates },
      hint:
        windows === undefined
          ? 'Give the directory that holds plan.sh, or the one above its habitat directory.'
          : `${windows} is a plan for Windows; packages for ${target} are built from a plan.sh.`,
    });
  }
  if (another !== undefined) {
    const found = counted.join(',');
    throw new BuildError(
      'BUILD_PLAN_LOCATION',
      `A Plan file was found in the following paths: ${found}. Only one is allowed at a time`,
      { details: { status: 42, paths: counted }, hint: 'Remove one of them.' },
    );
  }
  const warnings = targeted.length > 0 && plain.length > 0 ? bothWarning(target, plain) : [];
  return { directory: file.slice(0, -PLAN_FILE.length - 1), file, warnings };
}

const bothWarning = (target: string, plain: readonly string[]): readonly string[] => [
  `There is a plan.sh inside ${target} and outside as well. Using the plan in ${target}.`,
  `Not used for this target: ${plain.join(', ')}`,
  'Move the other plan into a directory named after its own target to say what it is for.',
];
