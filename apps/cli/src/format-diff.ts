/** Lines around a change. */
const CONTEXT_LINES = 3;
/** Beyond so many differing lines two texts are shown one after the other: nobody compares them line by line. */
const MAX_CELLS = 4_000_000;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** A difference as `diff -u` writes it; an absent text is that of no file. Equal texts give nothing. */
export function formatDiff(name: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const lines = compareLines(linesOf(before ?? ''), linesOf(after ?? ''));
  const header = `--- ${before === undefined ? '/dev/null' : name}\n+++ ${after === undefined ? '/dev/null' : name}\n`;
  return header + hunksOf(lines).join('');
}

/** Lines with their ends; a last one without end says so, as `diff` does. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const ended = lines.map((line) => `${line}\n`);
  return last === '' ? ended : [...ended, `${last}\n\\ No newline at end of file\n`];
}

function compareLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const same = (text: string): Line => ({ mark: ' ', text });
  const middle = compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...before.slice(0, start).map(same), ...middle, ...before.slice(before.length - end).map(same)];
}

/** Longest common subsequence, by table. */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const removed = (text: string): Line => ({ mark: '-', text });
  const added = (text: string): Line => ({ mark: '+', text });
  const width = after.length + 1;
  if ((before.length + 1) * width > MAX_CELLS) return [...before.map(removed), ...after.map(added)];
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      lines.push({ mark: ' ', text: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(old));
      i++;
    } else if (now !== undefined) {
      lines.push(added(now));
      j++;
    }
  }
  return lines;
}

function hunksOf(lines: readonly Line[]): string[] {
  const hunks: string[] = [];
  const changed = lines.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]));
  for (let next = 0; next < changed.length; ) {
    const first = changed[next] ?? 0;
    let last = first;
    while (next < changed.length && (changed[next] ?? 0) - last <= 2 * CONTEXT_LINES) last = changed[next++] ?? 0;
    hunks.push(hunkOf(lines, Math.max(0, first - CONTEXT_LINES), Math.min(lines.length, last + CONTEXT_LINES + 1)));
  }
  return hunks;
}

function hunkOf(lines: readonly Line[], start: number, end: number): string {
  const count = (part: readonly Line[], other: '-' | '+'): number => part.filter(({ mark }) => mark !== other).length;
  const [above, shown] = [lines.slice(0, start), lines.slice(start, end)];
  const range = (other: '-' | '+'): string => {
    const length = count(shown, other);
    return `${count(above, other) + (length === 0 ? 0 : 1)},${length}`;
  };
  return `@@ -${range('+')} +${range('-')} @@\n${shown.map(({ mark, text }) => mark + text).join('')}`;
}
