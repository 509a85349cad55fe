/** Something that reading alone cannot tell. */
export class Unknown {
  /** Why, for a person: what the value depends on. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What bash cannot make sense of, and reports. */
export class Failure extends Unknown {}

/** Text that is known, or why it is not. */
export type Text = string | Unknown;

/** What a variable of bash holds. */
export type ShellValue =
  | { readonly type: 'scalar'; readonly text: Text }
  /** Elements by index, in ascending order. */
  | { readonly type: 'indexed'; readonly elements: ReadonlyMap<number, string> }
  /** Elements by key, in order of assignment. */
  | { readonly type: 'associative'; readonly elements: ReadonlyMap<string, string> }
  /** An array of which something is not known. */
  | { readonly type: 'array-unknown'; readonly associative: boolean; readonly unknown: Unknown };

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

export function scalar(text: Text): ShellValue {
  return { type: 'scalar', text };
}

export function indexed(elements: readonly string[]): ShellValue {
  return { type: 'indexed', elements: new Map(elements.map((element, i) => [i, element])) };
}

/** Whether two values are the same for whoever reads them. */
export function sameValue(a: ShellValue | undefined, b: ShellValue | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.type === 'scalar' && b.type === 'scalar') return a.text === b.text || (isUnknown(a.text) && isUnknown(b.text));
  if (a.type === 'array-unknown' && b.type === 'array-unknown') return a.associative === b.associative;
  if (a.type === 'indexed' && b.type === 'indexed') return sameElements(a.elements, b.elements);
  if (a.type === 'associative' && b.type === 'associative') return sameElements(a.elements, b.elements);
  return false;
}

function sameElements<K>(a: ReadonlyMap<K, string>, b: ReadonlyMap<K, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, element] of a) if (b.get(key) !== element) return false;
  return true;
}

/** The last index of a list; -1 for none. */
export function lastIndex(elements: ReadonlyMap<number, string>): number {
  let last = -1;
  for (const index of elements.keys()) last = Math.max(last, index);
  return last;
}
