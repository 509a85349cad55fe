/**
 * Orders texts as their UTF-8 bytes do, which is the order of code points. JavaScript's `<` compares UTF-16 units and
 * differs from it beyond U+FFFF.
 */
export function compareByteOrder(a: string, b: string): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    return rank(a.charCodeAt(i)) < rank(b.charCodeAt(i)) ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** Surrogates stand for code points above every other unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
