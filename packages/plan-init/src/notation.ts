import { PlanInitError } from './errors.ts';

/** Variables that a given text may refer to: those that are there while a plan is read. */
const REFERENCE =
  /^\$(?:\{(?:pkg_|HAB_|PLAN_CONTEXT|SRC_PATH|CACHE_PATH)\w*\}|(?:pkg_|HAB_|PLAN_CONTEXT|SRC_PATH|CACHE_PATH)\w*)/;

/** Text between double quotes of bash. References to variables of plans are kept; nothing else is run or replaced. */
export const quoteBash = (text: string): string => quote(text, /["\\`]/, '\\');

/** Text between double quotes of PowerShell, with the same care. */
export const quotePowerShell = (text: string): string => quote(text, /["`]/, '`');

function quote(text: string, special: RegExp, mark: string): string {
  let quoted = '';
  for (let at = 0; at < text.length; ) {
    const reference = REFERENCE.exec(text.slice(at))?.[0];
    const character = text[at] ?? '';
    quoted += reference ?? (character === '$' || special.test(character) ? mark + character : character);
    at += reference?.length ?? 1;
  }
  return `"${quoted}"`;
}

/**
 * A list or table of bash as it was given, `("a" 'b')` or the words alone.
 *
 * @throws {@link PlanInitError} `PLAN_INIT_VALUE_INVALID` when more than the list would stand there.
 */
export function bashList(variable: string, text: string): string {
  const trimmed = text.trim();
  const list = trimmed.startsWith('(') ? trimmed : `(${trimmed})`;
  if (endOfList(list) === list.length) return list;
  throw notAList(variable, text, '(one two)');
}

/** The same for PowerShell; words alone, and lists as bash writes them, are put into its form. */
export function powershellList(variable: string, text: string): string {
  const trimmed = text.trim();
  if (/^@[({]/.test(trimmed)) {
    if (endOfList(trimmed.slice(1)) === trimmed.length - 1) return trimmed;
    throw notAList(variable, text, '@("one", "two")');
  }
  const words = (/^\((.*)\)$/s.exec(trimmed)?.[1] ?? trimmed).split(/[\s,]+/).filter((word) => word !== '');
  return `@(${words.map((word) => quotePowerShell(word.replace(/^(["'])(.*)\1$/, '$2'))).join(', ')})`;
}

function notAList(variable: string, text: string, form: string): PlanInitError {
  return new PlanInitError('PLAN_INIT_VALUE_INVALID', `${variable} is given a text that is no list: ${text}`, {
    details: { variable, text },
    hint: `Write it as ${form}.`,
  });
}

/** Where the bracket that a text begins with is closed, quotes minded; -1: nowhere. */
function endOfList(text: string): number {
  const open: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === "'" || character === '"') {
      at = endOfQuote(text, at);
      if (at < 0) return -1;
    } else if (character === '(' || character === '{') open.push(character);
    else if (character === ')' || character === '}') {
      if (open.pop() !== (character === ')' ? '(' : '{')) return -1;
      if (open.length === 0) return at + 1;
    }
  }
  return -1;
}

function endOfQuote(text: string, start: number): number {
  const quoteMark = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && quoteMark === '"') at += 1;
    else if (text[at] === quoteMark) return at;
  }
  return -1;
}
