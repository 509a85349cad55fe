import { BuildError } from './errors.ts';

/** Hooks that a Supervisor or an installer runs. */
export const KNOWN_HOOKS: ReadonlySet<string> = new Set([
  'config-check',
  'file-updated',
  'health-check',
  'init',
  'install',
  'post-run',
  'post-stop',
  'reconfigure',
  'reload',
  'run',
  'suitability',
  'uninstall',
]);

/** The hook that a file is for: its name without the last extension. @see spec/plan-build, 6.4 */
export function hookName(file: string): string {
  const dot = file.lastIndexOf('.');
  return dot > 0 ? file.slice(0, dot) : file;
}

/**
 * Which file becomes which hook.
 *
 * @throws {@link BuildError} `BUILD_HOOKS_INVALID` when two files are for one hook.
 */
export function hookFiles(files: readonly string[]): ReadonlyMap<string, string> {
  const byHook = new Map<string, string>();
  for (const file of files) {
    const hook = hookName(file);
    const other = byHook.get(hook);
    if (other !== undefined) {
      throw new BuildError(
        'BUILD_HOOKS_INVALID',
        `Multiple hook files found for ${hook} hook. No more than one hook file permitted per lifecycle hook.`,
        { details: { status: 1, files: [other, file] }, hint: `Keep one of hooks/${other} and hooks/${file}.` },
      );
    }
    byHook.set(hook, file);
  }
  return byHook;
}

/** @returns the error for files with Windows line ends, which no interpreter takes. */
export function lineEndingError(files: readonly string[]): BuildError<'BUILD_HOOKS_INVALID'> {
  return new BuildError(
    'BUILD_HOOKS_INVALID',
    `Incorrect CR+LF line ending detected in package hook file(s). Save with LF alone: ${files.join(', ')}`,
    { details: { status: 1, files }, hint: "For example: sed -i 's/\\r$//' FILE" },
  );
}
