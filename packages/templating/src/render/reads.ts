import { type ConfigTable, type ConfigValue, isConfigArray, isConfigTable, sameValue, valueAt } from '../values.ts';

/** Something of the context that a rendering looked at. */
export interface TemplateRead {
  /** Keys and indexes from the root of the context. */
  readonly path: readonly string[];
  /** `value`: all of it. `shape`: only its type, its keys or length, or, of a plain value, the value. */
  readonly use: 'value' | 'shape';
}

/** A rendering that looks more often depends on everything: noting each path would take longer than the rendering itself. */
const MAX_LOOKS = 100_000;

/** Collects what a rendering looks at, each path once. */
export class ReadRecorder {
  readonly #reads = new Map<string, TemplateRead>();
  #looks = 0;

  /** Nothing needs to be recorded any more. */
  get full(): boolean {
    return this.#looks > MAX_LOOKS;
  }

  record(path: readonly string[], use: TemplateRead['use']): void {
    if (this.full) return;
    if (++this.#looks > MAX_LOOKS) {
      this.#reads.clear();
      this.#reads.set('', { path: [], use: 'value' });
      return;
    }
    const key = JSON.stringify(path);
    const known = this.#reads.get(key);
    if (known === undefined || (known.use === 'shape' && use === 'value')) this.#reads.set(key, { path, use });
  }

  /** In the order of first use. */
  list(): readonly TemplateRead[] {
    return [...this.#reads.values()];
  }
}

/**
 * Tells whether a template would see a difference: if not, its text is what it was and it need not be rendered.
 *
 * @param reads - What its last rendering looked at, with the context `before`.
 */
export function readsChanged(reads: readonly TemplateRead[], before: ConfigTable, after: ConfigTable): boolean {
  return reads.some(({ path, use }) => {
    const old = valueAt(before, path);
    const now = valueAt(after, path);
    return use === 'value' ? !sameInOrder(old, now) : !sameShape(old, now);
  });
}

/** Lists and tables print their members in order: another order is another text. */
function sameInOrder(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  if (a === b) return true;
  if (isConfigArray(a)) {
    return isConfigArray(b) && a.length === b.length && a.every((item, index) => sameInOrder(item, b[index]));
  }
  if (!isConfigTable(a)) return sameValue(a, b);
  if (!isConfigTable(b) || a.size !== b.size) return false;
  const members = b.entries();
  for (const [key, value] of a) {
    const [otherKey, other] = members.next().value ?? [];
    if (key !== otherKey || !sameInOrder(value, other)) return false;
  }
  return true;
}

function sameShape(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  if (isConfigArray(a)) return isConfigArray(b) && a.length === b.length;
  if (!isConfigTable(a)) return sameValue(a, b);
  if (!isConfigTable(b) || a.size !== b.size) return false;
  const keys = b.keys();
  for (const key of a.keys()) if (keys.next().value !== key) return false;
  return true;
}
