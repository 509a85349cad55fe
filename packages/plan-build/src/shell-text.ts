import { BuildError } from './errors.ts';

const PLAIN = /^[A-Za-z0-9_/.,:=@%+-]+$/;

/**
 * One bash word that stands for exactly this text, whatever is in it. Inside single quotes nothing is special to bash, in
 * any locale, so a quote is all that needs care.
 *
 * @throws {@link BuildError} `BUILD_VALUE_INVALID` for text with a NUL, which bash cannot hold.
 */
export function quoteWord(text: string, name = 'value'): string {
  if (PLAIN.test(text)) return text;
  if (text.includes('\0')) {
    throw new BuildError('BUILD_VALUE_INVALID', `${name} contains a NUL character, which a shell cannot hold`, {
      details: { status: 1, name },
    });
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A simple command: every argument arrives as it is. */
export function commandText(command: string, ...args: readonly string[]): string {
  return [command, ...args.map((arg) => quoteWord(arg, command))].join(' ');
}

/** `name=value`. The name is ours, never data. */
export function assignText(name: string, value: string): string {
  return `${name}=${quoteWord(value, name)}`;
}

/** `name=(value ...)`. */
export function assignListText(name: string, values: readonly string[]): string {
  return `${name}=(${values.map((value) => quoteWord(value, name)).join(' ')})`;
}

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** True for what bash takes as a variable's name. Everything that comes from a file asks this before it becomes one. */
export function isShellName(text: string): boolean {
  return text.length <= 255 && SHELL_NAME.test(text);
}
