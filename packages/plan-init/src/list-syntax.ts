/** Variables that a given text may refer to: those that are there while a plan is read. */
export const REFERENCE: RegExp =
  /\$(?:\{(?:pkg_|HAB_|PLAN_CONTEXT|SRC_PATH|CACHE_PATH)\w*\}|(?:pkg_|HAB_|PLAN_CONTEXT|SRC_PATH|CACHE_PATH)\w*)/;

/** What may stand in a text between double quotes, piece by piece. */
const BASH_QUOTED = new RegExp(String.raw`[^"\\\`$]+|\\[^]|${REFERENCE.source}`, 'y');
/** What may stand in a word: no command, no pattern. A bracket or `#` may only go on. */
const BASH_FIRST = new RegExp(String.raw`'[^']*'|${REFERENCE.source}|\\[^]|[^\s'"\\$\`()<>;&|{}*?[\]#]+`, 'y');
const BASH_NEXT = new RegExp(String.raw`${BASH_FIRST.source}|[#[\]]`, 'y');
/** A key is looked at as an expression where nobody has declared the table: it has nothing to work out. */
const BASH_KEY = /\[(?:[\w.-]+|'[\w.-]+'|"[\w.-]+")\]=/y;

/** Goes through a text from its beginning; what was taken is never looked at again. */
class Scan {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found !== undefined;
  }

  takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  get isOver(): boolean {
    return this.at === this.text.length;
  }
}

/** Whether a text is a list or table of bash, and reading it does nothing else. */
export function isBashList(text: string, kind: 'list' | 'map'): boolean {
  const scan = new Scan(text);
  if (text.includes('\0') || !scan.takeText('(')) return false;
  for (;;) {
    scan.take(/\s+/y);
    if (scan.takeText(')')) return scan.isOver;
    if (kind === 'map' && !scan.take(BASH_KEY)) return false;
    const isWord = takeBashPart(scan, BASH_FIRST);
    if (isWord) while (takeBashPart(scan, BASH_NEXT));
    if (kind === 'list' && !isWord) return false;
    if (!/[\s)]/.test(text[scan.at] ?? '')) return false;
  }
}

function takeBashPart(scan: Scan, pattern: RegExp): boolean {
  if (!scan.takeText('"')) return scan.take(pattern);
  while (scan.take(BASH_QUOTED));
  return scan.takeText('"');
}

/** PowerShell takes typographic quotes for quotes. */
export const SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b";
export const DOUBLE_QUOTES = '"\u201c\u201d\u201e';

const POWERSHELL_SINGLE = new RegExp(`'[^${SINGLE_QUOTES}]*'`, 'y');
const POWERSHELL_QUOTED = new RegExp(`[^${DOUBLE_QUOTES}$\`]+|\`[^]|${REFERENCE.source}`, 'y');
const POWERSHELL_PLAIN = new RegExp(String.raw`${REFERENCE.source}|\d+(?![\w.])`, 'y');
/** Deepest lists in lists. */
const MAX_DEPTH = 8;

/**
 * Whether a text is a list or table of PowerShell, `@("a")` or `@{ a = "b" }`, and reading it does nothing else. A word
 * without quotes would be a command.
 */
export function isPowerShellList(text: string): boolean {
  const scan = new Scan(text);
  return !text.includes('\0') && takePowerShellList(scan, 0) && scan.isOver;
}

function takePowerShellList(scan: Scan, depth: number): boolean {
  const isTable = scan.takeText('@{');
  if (depth === MAX_DEPTH || !(isTable || scan.takeText('@('))) return false;
  for (;;) {
    scan.take(/[\s,;]+/y);
    if (scan.takeText(isTable ? '}' : ')')) return true;
    if (isTable) {
      if (!scan.take(/[\w-]+/y) && !takePowerShellText(scan)) return false;
      if (!scan.take(/[^\S\n]*=\s*/y)) return false;
    }
    if (!takePowerShellText(scan) && !scan.take(POWERSHELL_PLAIN) && !takePowerShellList(scan, depth + 1)) return false;
  }
}

function takePowerShellText(scan: Scan): boolean {
  if (scan.take(POWERSHELL_SINGLE)) return true;
  if (!scan.takeText('"')) return false;
  while (scan.take(POWERSHELL_QUOTED));
  return scan.takeText('"');
}
