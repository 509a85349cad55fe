import { PlanLintError } from './errors.ts';
import type { PlanFix } from './finding.ts';

/**
 * A text with fixes in it. Of two that overlap, the later one in the text is made; look again for the other.
 *
 * @param text - What the findings are about, to the last character.
 * @throws {@link PlanLintError} `PLAN_LINT_FIX_INVALID` for a place that the text does not have.
 */
export function applyFixes(text: string, fixes: readonly PlanFix[]): string {
  for (const { start, end } of fixes) {
    if (Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= text.length) continue;
    throw new PlanLintError('PLAN_LINT_FIX_INVALID', `A text of ${text.length} characters has no ${start} to ${end}`, {
      details: { start, end },
      hint: 'Fixes are for the text that was looked at, and for no other.',
    });
  }
  // From the end: of two that overlap, the later one counts.
  const parts: string[] = [];
  let reach = text.length;
  for (const { start, end, text: put } of [...fixes].sort((a, b) => b.start - a.start)) {
    if (end > reach) continue;
    parts.push(text.slice(end, reach), put);
    reach = start;
  }
  parts.push(text.slice(0, reach));
  return parts.reverse().join('');
}
