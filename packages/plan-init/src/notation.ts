import { PlanInitError } from './errors.ts';
import { DOUBLE_QUOTES, isBashList, isPowerShellList, REFERENCE } from './list-syntax.ts';

/** Longest name of a variable that is looked for. */
const MAX_REFERENCE = 200;
const START = new RegExp(`^(?:${REFERENCE.source})`);

/** Text between double quotes of bash. References to variables of plans are kept; nothing else is run or replaced. */
export const quoteBash = (text: string): string => quote(text, /["\\`]/, '\\');

/** Text between double quotes of PowerShell, with the same care. */
export const quotePowerShell = (text: string): string => quote(text, new RegExp(`[${DOUBLE_QUOTES}\`]`), '`');

/** @throws {@link PlanInitError} `PLAN_INIT_VALUE_INVALID` for a NUL, which no shell keeps. */
export function checkText(variable: string, text: string): void {
  if (!text.includes('\0')) return;
  throw new PlanInitError('PLAN_INIT_VALUE_INVALID', `${variable} is given a text with a NUL in it`, {
    details: { variable, text },
    hint: 'Leave it out: a plan cannot hold it.',
  });
}

function quote(text: string, special: RegExp, mark: string): string {
  let quoted = '';
  for (let at = 0; at < text.length; ) {
    const reference = text[at] === '$' ? START.exec(text.slice(at, at + MAX_REFERENCE))?.[0] : undefined;
    const character = text[at] ?? '';
    quoted += reference ?? (character === '$' || special.test(character) ? mark + character : character);
    at += reference?.length ?? 1;
  }
  return `"${quoted}"`;
}

/**
 * A list or table of bash as it was given, `("a" 'b')` or the words alone.
 *
 * @throws {@link PlanInitError} `PLAN_INIT_VALUE_INVALID` when it is none, or something in it would be run or worked out.
 */
export function bashList(variable: string, kind: 'list' | 'map', text: string): string {
  const trimmed = text.trim();
  const list = trimmed.startsWith('(') ? trimmed : `(${trimmed})`;
  if (isBashList(list, kind)) return list;
  throw notAList(variable, text, kind === 'list' ? "(one 'two three')" : '([key]="value")');
}

/** The same for PowerShell; words alone, and lists as bash writes them, are put into its form. */
export function powershellList(variable: string, text: string): string {
  const trimmed = text.trim();
  if (/^@[({]/.test(trimmed)) {
    if (isPowerShellList(trimmed)) return trimmed;
    throw notAList(variable, text, '@("one", "two") or @{ key = "value" }');
  }
  const words = (/^\((.*)\)$/s.exec(trimmed)?.[1] ?? trimmed).split(/[\s,]+/).filter((word) => word !== '');
  return `@(${words.map((word) => quotePowerShell(word.replace(/^(["'])(.*)\1$/, '$2'))).join(', ')})`;
}

function notAList(variable: string, text: string, form: string): PlanInitError {
  return new PlanInitError('PLAN_INIT_VALUE_INVALID', `${variable} is given a text that is no plain list: ${text}`, {
    details: { variable, text },
    hint: `Write it as ${form}, with quotes around whatever means something to a shell.`,
  });
}
