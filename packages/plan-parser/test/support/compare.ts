import { readBashPlan, type SettingValue } from '../../src/index.ts';
import { askBash } from './ask-bash.ts';

/** What came of comparing plans with bash. */
export interface Comparison {
  readonly known: number;
  readonly unknown: number;
  /** Plans that end the shell. */
  readonly skipped: number;
  /** A line for each value that is not the one of bash. */
  readonly wrong: readonly string[];
}

/** Compares every value that reading gives with what bash leaves; one that is told as unknown is never wrong. */
export function compareWithBash(texts: readonly string[]): Comparison {
  const wrong: string[] = [];
  let [known, unknown, skipped] = [0, 0, 0];
  for (const [i, values] of askBash(texts).entries()) {
    const text = texts[i] ?? '';
    const { settings } = readBashPlan(text);
    if (values === undefined) {
      skipped += 1;
      continue;
    }
    for (const [name, setting] of settings) {
      if (setting.value === undefined) unknown += 1;
      else if (shown(setting.value) === shown(values.get(name))) known += 1;
      else wrong.push(`${name}: read ${shown(setting.value)}, bash ${shown(values.get(name))}, in\n${text}`);
    }
    // A name that is not told at all may only come from where nothing can be told.
    const isUnsettled =
      [...settings.values()].some(({ value }) => value === undefined) || /`|\$\(|\beval\b|\bset\b/.test(text);
    for (const name of values.keys()) {
      if (!settings.has(name) && !isUnsettled)
        wrong.push(`${name}: not read, bash ${shown(values.get(name))}, in\n${text}`);
    }
  }
  return { known, unknown, skipped, wrong };
}

function shown(value: SettingValue | undefined): string {
  const plain = value instanceof Map ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : value;
  return JSON.stringify(plain) ?? 'nothing';
}
