import type { Assignment } from 'unbash';

import type { Attributes } from './assign.ts';
import { mayHideBraces } from './braces.ts';
import type { Builtin } from './builtin.ts';
import { fieldsOfWord, textOfWord } from './expand.ts';
import type { ShellState } from './shell-state.ts';
import { isUnknown, scalar, type Text, Unknown } from './value.ts';

/** `declare` and its like. */
export const declare = (attributesOfName: Attributes, ownScope: 'innermost' | 'local'): Builtin => ({
  declares: true,
  run(shell, _args, command) {
    if (command.prefix.length > 0) return shell.giveUp('variables that hold for one command only');
    if (command.name?.value === 'local' && !shell.inFunction) {
      // Lists are made before it is refused.
      if (
        command.args.length !== 1 ||
        command.args[0]?.type !== 'Assignment' ||
        command.args[0].value.type === 'ArrayValue'
      )
        return shell.giveUp('a declaration outside of a function');
      textOfWord(command.args[0].value, shell);
      shell.status = '1';
      return undefined;
    }
    let attributes = attributesOfName;
    const scope = ownScope;
    const isLocal = (): boolean => scope === 'local' && !global && shell.inFunction;
    let global = false;
    let reference = false;
    let last: Text = '0';
    for (const argument of command.args) {
      if (argument.type === 'Assignment') {
        if (mayHideBraces(argument.text)) return shell.giveUp('braces between quotes');
        if (
          argument.value.type === 'Word' &&
          argument.value.parts?.some(({ type }) => type === 'BraceExpansion') === true
        ) {
          textOfWord(argument.value, shell);
          doubt(shell, argument.name, attributes, isLocal(), 'braces in a declaration');
          continue;
        }
        if (argument.index !== undefined) {
          textOfWord(argument.index, shell);
          last = new Unknown('a declaration of one element');
          doubt(
            shell,
            argument.name,
            { ...attributes, kind: attributes.kind ?? 'indexed' },
            isLocal(),
            'a declaration of one element',
          );
          continue;
        }
        if (argument.value.type === 'Word' && shell.variables.get(argument.name)?.readonly === true)
          textOfWord(argument.value, shell);
        if (isListInText(shell, argument, attributes, isLocal())) {
          if (argument.value.type === 'Word') textOfWord(argument.value, shell);
          doubt(
            shell,
            argument.name,
            { ...attributes, kind: attributes.kind ?? 'indexed' },
            isLocal(),
            'a text that is taken for a list',
          );
          continue;
        }
        if (shell.variables.get(argument.name)?.readonly === true) {
          // Bash reports it, and goes on.
          last = shell.mayFail(new Unknown(`${argument.name}, which cannot be changed`));
          continue;
        }
        if (isOther(attributes.kind ?? 'scalar', shell.variables.get(argument.name)?.kind))
          return shell.abandon('a list that is declared to be a table');
        if (reference && argument.value.type === 'ArrayValue') return shell.abandon('a reference to a list');
        const becomes = becomesList(shell, argument.name, attributes, isLocal());
        if (reference) declareReference(shell, argument, scope === 'local' && !global);
        else shell.assign(argument, attributes, global ? 'global' : scope);
        if (becomes && argument.append === true)
          doubt(shell, argument.name, attributes, isLocal(), 'a value that becomes a list');
        continue;
      }
      const fields = fieldsOfWord(argument, shell);
      if (isUnknown(fields)) return shell.giveUp(`a declaration: ${fields.reason}`);
      for (const field of fields) {
        if (/^[-+]/.test(field)) {
          if (/^-.*[fF]/.test(field) || (field.includes('p') && field.startsWith('-'))) {
            shell.write(new Unknown('the output of declare'));
            for (const other of command.args) {
              if (other.type !== 'Assignment') continue;
              const kind = other.value.type === 'ArrayValue' ? 'indexed' : undefined;
              doubt(
                shell,
                other.name,
                { ...attributes, kind: attributes.kind ?? kind },
                isLocal(),
                'a declaration that prints',
              );
            }
            shell.status = new Unknown('whether there is such a name');
            return undefined;
          }
          if (/[^aAfFgilnrtuxpI-]/.test(field.slice(1)) || /^\+.*[naA]|I/.test(field))
            return shell.giveUp('a declaration that changes what assignments do');
          if (field.includes('n') && ownScope === 'local') reference = true;
          if (field.includes('g')) global = true;
          attributes = withFlags(attributes, field);
        } else if (reference || shell.isReference(field)) return shell.abandon('a reference to what is not known');
        else if (becomesList(shell, field, attributes, isLocal()))
          doubt(shell, field, attributes, isLocal(), 'a value that becomes a list');
        else declareName(shell, field, attributes, isLocal());
      }
    }
    // Whatever a substitution ended with.
    shell.status = last;
    return undefined;
  },
});

/** Declares a variable of which no value is known. */
function doubt(shell: ShellState, name: string, attributes: Attributes, local: boolean, reason: string): void {
  const before = local ? shell.variables.getLocal(name) : shell.variables.get(name);
  declareName(shell, name, { ...attributes, readonly: false }, local);
  const kind = attributes.kind ?? before?.kind ?? 'scalar';
  if (kind === 'scalar' || kind === 'reference') shell.assignText(name, new Unknown(reason));
  else shell.assignList(name, new Unknown(reason));
  if (attributes.readonly === true) declareName(shell, name, attributes, local);
}

/** `declare -a name`, where the name has a value that is no list. */
function becomesList(shell: ShellState, name: string, attributes: Attributes, local: boolean): boolean {
  const before = local ? shell.variables.getLocal(name) : shell.variables.get(name);
  const { kind = 'scalar' } = attributes;
  return kind !== 'scalar' && before?.value !== undefined && before.kind === 'scalar';
}

/** `declare name='(a b)'`, where the name is that of a list already. */
function isListInText(shell: ShellState, { name, value }: Assignment, attributes: Attributes, local: boolean): boolean {
  const before = local ? shell.variables.getLocal(name) : shell.variables.get(name);
  const kind = attributes.kind ?? before?.kind ?? 'scalar';
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

const isOther = (kind: string, before: string | undefined): boolean =>
  (kind === 'associative' && before === 'indexed') || (kind === 'indexed' && before === 'associative');

/** `declare -a name`, or text that an expansion made: `export "$name=value"`. */
function declareName(shell: ShellState, text: string, attributes: Attributes, local: boolean): void {
  const match = /^([A-Za-z_]\w*)(\+?=)?(.*)$/s.exec(text);
  const [, name = '', operator, rest = ''] = match ?? [];
  // No name: bash reports it.
  if (name === '' || (operator === undefined && rest !== '')) return;
  const before = local ? shell.variables.getLocal(name) : shell.variables.get(name);
  if (operator === undefined) {
    const kind = attributes.kind ?? before?.kind ?? 'scalar';
    // A list is no table, nor the other way round.
    if (isOther(kind, before?.kind)) {
      shell.abandon('a list that is declared to be a table');
      return;
    }
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
  if (local) {
    doubt(shell, name, attributes, true, 'a declaration that an expansion makes');
    return;
  }
  const old = before?.value?.type === 'scalar' && !isUnknown(before.value.text) ? before.value.text : '';
  shell.assignText(name, operator === '+=' ? old + rest : rest);
}
