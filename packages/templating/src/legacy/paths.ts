import { RenderFault } from '../render/fault.ts';
import { dateTable } from '../render/text.ts';
import { type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';

/** A piece of a path text: a step up, a key, or a key in brackets. */
type Piece = { readonly type: 'up' } | { readonly type: 'key' | 'bracket'; readonly text: string };

const KEY = /[A-Za-z0-9_@$<>-]+/y;
const BRACKET = /\[["']?([A-Za-z0-9_@$<>/\s-]*?)["']?\]/y;

/** The path texts of the legacy engines; undefined for one that they call invalid. */
function parsePath(text: string): readonly Piece[] | undefined {
  if (text === 'this' || text === '.') return [];
  const pieces: Piece[] = [];
  let offset = text.startsWith('./') ? 2 : 0;
  const item = (at: number): boolean => {
    if (text.startsWith('..', at)) {
      pieces.push({ type: 'up' });
      offset = at + 2;
      return true;
    }
    KEY.lastIndex = at;
    const key = KEY.exec(text)?.[0];
    if (key === undefined) return false;
    pieces.push({ type: 'key', text: key });
    offset = at + key.length;
    return true;
  };
  const bracket = (at: number): boolean => {
    BRACKET.lastIndex = at;
    const found = BRACKET.exec(text);
    if (found === null) return false;
    pieces.push({ type: 'bracket', text: found[1] ?? '' });
    offset = at + found[0].length;
    return true;
  };
  if (!item(offset)) return undefined;
  for (;;) {
    const separated = text[offset] === '/' || text[offset] === '.';
    if (separated && (item(offset + 1) || bracket(offset + 1))) continue;
    if (!separated && bracket(offset)) continue;
    return offset === text.length ? pieces : undefined;
  }
}

/** Where the legacy engines look: a path text that grows with every block, and the roots that `../` starts from. */
export interface PathScope {
  readonly path: string;
  /** Innermost first. */
  readonly roots: readonly string[];
}

/**
 * Finds a value the way the legacy engines do: by gluing path texts together and walking from the root each time.
 *
 * @returns The value, null when there is none, and where it stands.
 */
export function navigate(
  data: ConfigValue,
  scope: PathScope,
  relative: string,
): { readonly value: ConfigValue; readonly path: readonly string[] } {
  const own = pieces(relative);
  const firstStay = own.findIndex((piece) => piece.type !== 'up');
  const ups = firstStay === -1 ? own.length : firstStay;
  const base = ups > 0 ? (scope.roots[ups - 1] ?? scope.path) : scope.path;
  const path: string[] = [];
  apply(path, pieces(base));
  apply(path, own);
  const keys = path.filter((key) => key !== 'this');
  return { value: keys.reduce(step, data), path: keys };
}

function pieces(text: string): readonly Piece[] {
  const parsed = parsePath(text);
  if (parsed !== undefined) return parsed;
  throw new RenderFault(`"${text.slice(0, 100)}" is no path that this dialect can follow`, {
    hint: 'Give the value a name: {{#each list as |item|}}.',
  });
}

/** A step up takes from what was there before and from this text too, and with an index the list before it. */
function apply(path: string[], given: readonly Piece[]): void {
  const own: Piece[] = [];
  for (const piece of given) {
    if (piece.type !== 'up') {
      own.push(piece);
      continue;
    }
    path.pop();
    if (own.pop()?.type === 'bracket') own.pop();
  }
  for (const piece of own) if (piece.type !== 'up') path.push(piece.text);
}

function step(value: ConfigValue, key: string): ConfigValue {
  if (isConfigTable(value)) return value.get(key) ?? null;
  if (isConfigArray(value)) return /^\+?\d{1,15}$/.test(key) ? (value[Number(key)] ?? null) : null;
  return isConfigDate(value) ? (dateTable(value).get(key) ?? null) : null;
}
