/**
 * Whether a file name matches a shell pattern: `*`, `?`, and sets in brackets. Linear in the length of the name for each
 * star, so that no pattern can make it slow.
 */
export function matchesName(name: string, pattern: string): boolean {
  const parts = parsePattern(pattern);
  let [at, part] = [0, 0];
  let [starPart, starAt] = [-1, 0];
  while (at < name.length) {
    const wanted = parts[part];
    if (wanted === '*') {
      starPart = part++;
      starAt = at;
    } else if (wanted?.(name[at] ?? '')) {
      part++;
      at++;
    } else if (starPart >= 0) {
      part = starPart + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest === '*');
}

type PatternPart = '*' | ((character: string) => boolean);

function parsePattern(pattern: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at] ?? '';
    const set = sign === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    if (sign === '*') parts.push('*');
    else if (sign === '?') parts.push(() => true);
    else if (set !== null) {
      parts.push(characterSet(set[1] !== '', set[2] ?? ''));
      at += set[0].length - 1;
    } else {
      const literal = sign === '\\' ? (pattern[++at] ?? '\\') : sign;
      parts.push((character) => character === literal);
    }
  }
  return parts;
}

function characterSet(negated: boolean, members: string): (character: string) => boolean {
  return (character) => {
    let inside = false;
    for (let at = 0; at < members.length; at++) {
      const [from = '', dash, to] = members.slice(at, at + 3);
      if (dash === '-' && to !== undefined) {
        inside ||= character >= from && character <= to;
        at += 2;
      } else inside ||= character === from;
    }
    return inside !== negated;
  };
}
