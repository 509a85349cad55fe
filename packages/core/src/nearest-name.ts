/** Longest name that is compared. */
const MAX_LENGTH = 60;

/**
 * The known name that is a slip of the keyboard away.
 *
 * @param steps - Most letters to insert, drop or exchange. @defaultValue a third of the name, 1 for short ones
 * @returns undefined when nothing is near.
 */
export function nearestName(name: string, known: Iterable<string>, steps: number = slips(name)): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let least = steps + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Two letters swapped are two steps; of a short word nearly every other is two steps away. */
const slips = (name: string): number => (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)));

/** Letters to insert, drop or exchange; `enough` when it is at least that. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) >= enough) return enough;
    row = next;
  }
  return Math.min(row[b.length] ?? enough, enough);
}
