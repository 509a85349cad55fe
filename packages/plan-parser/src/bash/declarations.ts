import type { Assignment } from 'unbash';

import type { Attributes } from './assign.ts';
import type { Builtin } from './builtin.ts';
import { fieldsOfWord, textOfWord } from './expand.ts';
import type { ShellState } from './shell-state.ts';
import { isUnknown, scalar, Unknown } from './value.ts';

/** `declare` and its like. */
export const declare = (attributesOfName: Attributes, ownScope: 'innermost' | 'local'): Builtin => ({
  declares: true,
  run(shell, _args, command) {
    shell.status = '0';
    if (command.prefix.length > 0) return shell.giveUp('variables that hold for one command only');
    if (command.name?.value === 'local' && !shell.inFunction) {
      shell.status = '1';
      return undefined;
    }
    let attributes = attributesOfName;
    const scope = ownScope;
    let global = false;
    let reference = false;
    let last = '0';
    for (const argument of command.args) {
      if (argument.type === 'Assignment') {
        if (
          argument.value.type === 'Word' &&
          argument.value.parts?.some(({ type }) => type === 'BraceExpansion') === true
        ) {
          const unknown = new Unknown('braces in a declaration');
          if ((attributes.kind ?? 'scalar') === 'scalar') shell.assignText(argument.name, unknown);
          else shell.assignList(argument.name, unknown);
          continue;
        }
        if (isListInText(shell, argument)) {
          shell.assignList(argument.name, new Unknown('a text that is taken for a list'));
          continue;
        }
        if (shell.variables.get(argument.name)?.readonly === true) {
          // Bash reports it, and goes on.
          last = '1';
          continue;
        }
        if (reference) declareReference(shell, argument, scope === 'local' && !global);
        else shell.assign(argument, attributes, global ? 'global' : scope);
        if (shell.failure !== undefined) return undefined;
        continue;
      }
      const fields = fieldsOfWord(argument, shell);
      if (isUnknown(fields)) return shell.giveUp(`a declaration: ${fields.reason}`);
      for (const field of fields) {
        if (/^[-+]/.test(field)) {
          if (/^-.*[fF]/.test(field) || (field.includes('p') && field.startsWith('-'))) {
            shell.write(new Unknown('the output of declare'));
            return undefined;
          }
          if (/[^aAfFgilnrtuxpI-]/.test(field.slice(1)) || /^\+.*n|I/.test(field))
            return shell.giveUp('a declaration that changes what assignments do');
          if (field.includes('n')) reference = true;
          if (field.includes('g')) global = true;
          attributes = withFlags(attributes, field);
        } else if (reference || shell.isReference(field)) return shell.abandon('a reference to what is not known');
        else declareName(shell, field, attributes, scope === 'local' && !global);
      }
    }
    // Whatever a substitution ended with.
    shell.status = last;
    return undefined;
  },
});

/** `declare name='(a b)'`, where the name is that of a list already. */
function isListInText(shell: ShellState, { name, value }: Assignment): boolean {
  const { kind = 'scalar' } = shell.variables.get(name) ?? {};
  return kind !== 'scalar' && value.type === 'Word' && !/^[\w./-]*$/.test(value.text);
}

/** `declare -n name=other`. */
function declareReference(shell: ShellState, { name, value, append }: Assignment, local: boolean): void {
  const text = value.type === 'ArrayValue' || append === true ? new Unknown('a reference') : textOfWord(value, shell);
  // A name that stands for itself means the variable of an outer function.
  const target = text === name ? new Unknown(`what ${name} stands for`) : text;
  const variable = {
    value: scalar(target),
    kind: 'reference',
    readonly: false,
    integer: false,
    assigned: undefined,
  } as const;
  if (local) shell.variables.setLocal(name, variable);
  else {
    shell.variables.unsetReference(name);
    shell.variables.set(name, variable);
  }
}

function withFlags(attributes: Attributes, flags: string): Attributes {
  const on = flags.startsWith('-');
  return {
    kind: flags.includes('A') ? 'associative' : flags.includes('a') ? 'indexed' : attributes.kind,
    integer: flags.includes('i') ? on : attributes.integer,
    ...(/[lu]/.test(flags) ? { letters: on ? (flags.includes('u') ? 'upper' : 'lower') : undefined } : {}),
    readonly: flags.includes('r') ? on : attributes.readonly,
  };
}

/** `declare -a name`, or text that an expansion made: `export "$name=value"`. */
function declareName(shell: ShellState, text: string, attributes: Attributes, local: boolean): void {
  const match = /^([A-Za-z_]\w*)(\+?=)?(.*)$/s.exec(text);
  if (match === null) return;
  const [, name = '', operator, rest = ''] = match;
  const before = local ? undefined : shell.variables.get(name);
  if (operator === undefined) {
    const kind = attributes.kind ?? before?.kind ?? 'scalar';
    const same = before?.kind === kind ? before.value : undefined;
    const value = same ?? (kind === 'scalar' ? before?.value : undefined);
    const variable = {
      value,
      kind,
      readonly: attributes.readonly ?? before?.readonly ?? false,
      integer: attributes.integer ?? before?.integer ?? false,
      letters: 'letters' in attributes ? attributes.letters : before?.letters,
      assigned: before?.assigned,
    };
    if (local) shell.variables.setLocal(name, variable);
    else if (before !== undefined || Object.keys(attributes).length > 0) shell.variables.set(name, variable);
    return;
  }
  const old = before?.value?.type === 'scalar' && !isUnknown(before.value.text) ? before.value.text : '';
  shell.assignText(name, operator === '+=' ? old + rest : rest);
}
