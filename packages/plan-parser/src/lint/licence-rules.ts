import type { PlanReading } from '../plan-reading.ts';
import { at, type PlanFinding } from './finding.ts';

/** More of them are the words of a text. */
const MAX_MESSAGES = 8;

/** @param judge - What is to be said of the licences of a plan: a message for each that is not on the SPDX list. */
export function* licenceRules(
  { settings }: PlanReading,
  judge: (licences: readonly string[]) => readonly string[],
): Generator<PlanFinding> {
  const setting = settings.get('pkg_license');
  if (setting?.value === undefined || setting.value instanceof Map) return;
  const licences = typeof setting.value === 'string' ? [setting.value] : [...setting.value.values()];
  const messages = judge(licences);
  if (messages.length > MAX_MESSAGES) {
    yield at(setting, {
      rule: 'unknown-licence',
      severity: 'warning',
      message: `pkg_license has ${licences.length} values, most of them no identifiers: a whole text, it seems`,
      hint: 'Use an identifier of the SPDX list, or LicenseRef-NAME, and install the text with the package.',
    });
    return;
  }
  for (const message of messages) {
    yield at(setting, {
      rule: 'unknown-licence',
      severity: 'warning',
      message,
      hint: 'Use an identifier of the SPDX list, or LicenseRef-NAME for a licence of its own.',
    });
  }
}
