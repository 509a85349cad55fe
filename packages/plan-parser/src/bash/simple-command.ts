import type { Assignment, Command, HereDoc, Redirection, Word } from 'unbash';
import { followPerhaps } from './branches.ts';
import { BUILTINS, runsAnything } from './builtins.ts';
import { fieldsOfWords, textOfQuoted, textOfWord } from './expand.ts';
import { PURE_PROGRAMS } from './programs.ts';
import type { ShellState } from './shell-state.ts';
import type { Stop } from './shell-world.ts';
import { isUnknown, type Text, Unknown } from './value.ts';

/** An assignment, or a command with its arguments. */
export function followSimple(shell: ShellState, command: Command): Stop | undefined {
  return withRedirects(shell, command.redirects, (inner) => follow(inner, command));
}

/** Follows commands whose input or output goes elsewhere. */
export function withRedirects(
  shell: ShellState,
  redirects: readonly Redirection[],
  followInner: (shell: ShellState) => Stop | undefined,
): Stop | undefined {
  if (redirects.length === 0) return followInner(shell);
  const { input, output } = shell;
  let takesOutput = false;
  let perhaps: string | undefined;
  for (const redirect of redirects) {
    const given = inputOf(shell, redirect);
    const place = placeOf(redirect);
    if (given !== undefined) shell.input = place === 0 ? given : new Unknown('a file that is open');
    else if (place === 1) takesOutput = true;
    // What is said on errors comes among the rest.
    if (place === 2 && redirect.operator === '>&') shell.write(new Unknown('what is said on errors'));
    const doubt = opens(shell, redirect);
    perhaps ??= doubt ?? (place > 2 ? 'a file that is open' : undefined);
  }
  if (takesOutput) shell.output = undefined;
  const stop = perhaps === undefined ? followInner(shell) : followPerhaps(shell, perhaps, followInner);
  shell.input = input;
  if (takesOutput) shell.output = output;
  return stop;
}

function inputOf(shell: ShellState, redirect: Redirection): Text | undefined {
  if (redirect.type === 'HereDoc') {
    return hereDocument(redirect, shell);
  }
  if (redirect.type === 'HereString') {
    const text = redirect.target === undefined ? '' : textOfWord(redirect.target, shell);
    return isUnknown(text) ? text : `${text}\n`;
  }
  return redirect.operator.startsWith('<') ? new Unknown('the content of a file') : undefined;
}

function hereDocument({ body, operator, delimiter }: HereDoc, shell: ShellState): Text {
  const { text, parts } = body;
  const tabs = operator === '<<-';
  if (delimiter?.quoted === true) return tabs ? text.replaceAll(/^\t+/gm, '') : text;
  // Tabs that lines begin with are left out, but not those of a line that goes on from the one before.
  const literal = (raw: string, first: boolean): string => {
    const begun = tabs && first ? raw.replace(/^\t+/, '') : raw;
    return begun.replaceAll(tabs ? /\\([$`\\\n])|\n\t+/g : /\\([$`\\\n])/g, (found, escaped: string | undefined) =>
      escaped === undefined ? '\n' : escaped === '\n' ? '' : (escaped ?? found),
    );
  };
  if (parts === undefined) return literal(text, true);
  return textOfQuoted(
    parts.map((part, i) => (part.type === 'Literal' ? { ...part, value: literal(part.text, i === 0) } : part)),
    shell,
  );
}

/** @returns why it may be that a file cannot be opened: the command does not run then. */
function opens(shell: ShellState, redirect: Redirection): string | undefined {
  if (redirect.type !== 'Redirect' || redirect.target === undefined) return undefined;
  const path = textOfWord(redirect.target, shell);
  if (isUnknown(path)) return path.reason;
  return /^(?:\/dev\/(?:null|stdout|stderr)|[0-2]|[0-2]?-)$/.test(path) ? undefined : `whether ${path} can be opened`;
}

/** What a redirection is of: 0 the input, 1 the output, 2 errors. */
const placeOf = ({ descriptor, operator }: Redirection): number =>
  descriptor === undefined
    ? operator.startsWith('<')
      ? 0
      : 1
    : descriptor.type === 'FileDescriptor'
      ? descriptor.value
      : 3;

/** Commands of the shell for which variables may be set that hold for them only. */
const TAKES_VARIABLES = new Set([':', 'true', 'false', 'read', '[', 'test', 'wait', 'umask', 'ulimit']);

function follow(shell: ShellState, command: Command): Stop | undefined {
  const assignments = command.prefix.filter((part): part is Assignment => part.type === 'Assignment');
  if (command.name === undefined) return assignAll(shell, command, assignments);
  const name = textOfWord(command.name, shell);
  if (isUnknown(name) || name === '') {
    if (!isUnknown(name)) argumentsOf(shell, command);
    return runsAnything(shell, `a command that is not known: ${isUnknown(name) ? name.reason : 'an empty name'}`);
  }
  const defined = shell.functions.get(name);
  const builtin = BUILTINS.get(name);
  const args = builtin?.declares === true && defined === undefined ? [] : argumentsOf(shell, command);
  for (const { name: variable, value } of assignments) {
    if (value.type === 'Word') textOfWord(value, shell);
    if (value.type !== 'Word' || shell.variables.get(variable)?.readonly === true)
      shell.mayFail(new Unknown('a variable for one command that cannot be set'));
  }
  if (assignments.length > 0 && (defined !== undefined || (builtin !== undefined && !TAKES_VARIABLES.has(name)))) {
    return shell.giveUp('variables that hold for one command only');
  }
  if (defined !== undefined) return shell.call(name, defined, args);
  if (builtin !== undefined) {
    if (isUnknown(args)) shell.status = args;
    const stop = builtin.run(shell, args, command);
    if (name === 'exec' && command.redirects.length > 0) redirected(shell);
    return stop;
  }
  const program = PURE_PROGRAMS.get(name);
  if (program !== undefined && assignments.length === 0 && !isUnknown(args)) {
    const made = program(args, shell.input);
    shell.write(made);
    if (name === 'cat' || name === 'cut' || name === 'tr') shell.input = '';
    shell.status = isUnknown(made) ? made : '0';
    return undefined;
  }
  if (shell.functionsUnsettled !== undefined) return shell.giveUp(`${name}: ${shell.functionsUnsettled}`);
  // Any other program changes no variable.
  shell.input = new Unknown(`what ${name} leaves of the input`);
  shell.write(new Unknown(`the output of ${name}`));
  shell.status = new Unknown(`whether ${name} succeeds`);
  return undefined;
}

/** From here on, all that is read or written goes elsewhere. */
function redirected(shell: ShellState): void {
  shell.input = new Unknown('a file that is open');
  shell.write(new Unknown('an output that goes elsewhere'));
}

function assignAll(shell: ShellState, command: Command, assignments: readonly Assignment[]): undefined {
  shell.substituted = false;
  for (const assignment of assignments) {
    shell.assign(assignment, {}, 'innermost');
  }
  if (!shell.substituted) shell.status = '0';
  // `$(< file)`
  if (command.redirects.some(({ operator }) => operator === '<')) shell.write(shell.input);
}

function argumentsOf(shell: ShellState, command: Command): readonly string[] | Unknown {
  const words: Word[] = [];
  for (const argument of command.args) {
    if (argument.type === 'Word') words.push(argument);
    else if (/[$`'"\\*?[~{]/.test(argument.text)) return new Unknown('an argument that looks like an assignment');
    else words.push({ type: 'Word', text: argument.text, value: argument.text, pos: argument.pos, end: argument.end });
  }
  return fieldsOfWords(words, shell);
}
