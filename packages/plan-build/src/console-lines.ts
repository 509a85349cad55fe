import type { BuildError } from './errors.ts';
import { commandText, quoteWord } from './shell-text.ts';

/** Turns what a terminal would obey into something it shows. */
function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (sign) =>
    sign === '\r' ? '' : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

const eachLine = (command: string, text: string): string =>
  visible(text)
    .split('\n')
    .map((line) => commandText(command, line))
    .join('\n');

/** Bash text that prints a line of a build. */
export const say = (text: string): string => eachLine('__hab_line', text);
/** Bash text that prints a warning. */
export const warn = (text: string): string => eachLine('__hab_warn', text);
/** Bash text that prints an error that ends the build. */
export const complain = (text: string): string => eachLine('__hab_error', text);
/** Bash text that prints one of the last lines of a failed build. */
export const sayLast = (text: string): string => eachLine('__hab_last', text);
/** Bash text that prints a line as it is, without the package's name. */
export const sayPlainly = (text: string): string => commandText('builtin printf', '%s\\n', visible(text));

/** Bash text that reports an error, and what to do about it. */
export function reportScript(error: BuildError): string {
  return [
    error.code === 'BUILD_CONTEXT_MISSING' ? `${sayPlainly(error.message)} >&2` : complain(error.message),
    ...(error.hint === undefined ? [] : [say(error.hint)]),
  ].join('\n');
}

/** Bash text that reports an error and ends the build with its status. */
export function failureScript(error: BuildError): string {
  return [
    reportScript(error),
    `__hab_message=${quoteWord(visible(error.message))}`,
    commandText('builtin exit', String(error.details.status)),
  ].join('\n');
}
