import { usage } from './errors.ts';

export interface RootOption {
  readonly root: string | undefined;
  /** The words without the option. */
  readonly rest: readonly string[];
}

/**
 * Takes `--root DIR` off the front of the command line: it stands before the first command word, so that words which a
 * command passes on are never touched.
 *
 * @param fallback - `HAB_ROOT`.
 */
export function splitRootOption(words: readonly string[], fallback: string | undefined): RootOption {
  const [first, second, ...others] = words;
  if (first === '--root') {
    if (second === undefined || second === '') throw usage('--root needs a directory', first);
    return { root: second, rest: others };
  }
  if (first?.startsWith('--root=')) {
    const root = first.slice('--root='.length);
    if (root === '') throw usage('--root needs a directory', first);
    return { root, rest: words.slice(1) };
  }
  return { root: fallback === '' ? undefined : fallback, rest: words };
}
