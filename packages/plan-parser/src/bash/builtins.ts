import { type Command, parse } from 'unbash';

import type { Attributes } from './assign.ts';
import { evaluateArguments } from './condition.ts';
import { fieldsOfWord } from './expand.ts';
import { PURE_PROGRAMS } from './programs.ts';
import type { ShellState, Stop } from './shell-state.ts';
import { isUnknown, Unknown } from './value.ts';

interface Builtin {
  /** Its arguments may be assignments; they are not expanded as words. */
  readonly declares?: boolean;
  run(shell: ShellState, args: readonly string[] | Unknown, command: Command): Stop | undefined;
}

const succeed: Builtin = {
  run(shell) {
    shell.status = '0';
    return undefined;
  },
};

const stopping = (stop: Stop): Builtin => ({
  run(shell, args) {
    if (isUnknown(args)) shell.status = args;
    else if (args[0] !== undefined) shell.status = stop === 'break' || stop === 'continue' ? '0' : args[0];
    return stop;
  },
});

const source: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return shell.giveUp(`a file that is not known: ${args.reason}`);
    const [path = '', ...rest] = args;
    if (shell.moved && !path.startsWith('/'))
      return shell.giveUp(`${JSON.stringify(path)}, in a directory that is not known`);
    const found = shell.world.load(path);
    if (isUnknown(found)) return shell.giveUp(found.reason);
    if (found === 'absent') {
      shell.status = '1';
      return undefined;
    }
    shell.status = '0';
    return shell.runFile(found.file, found.script, rest.length === 0 ? undefined : rest);
  },
};

const test: Builtin = {
  run(shell, args, command) {
    if (isUnknown(args)) {
      shell.status = args;
      return undefined;
    }
    const closed = command.name?.value === '[';
    const truth = evaluateArguments(closed ? args.slice(0, -1) : args, shell);
    shell.status = isUnknown(truth) ? truth : truth ? '0' : '1';
    return undefined;
  },
};

const declare = (attributesOfName: Attributes, ownScope: 'innermost' | 'local'): Builtin => ({
  declares: true,
  run(shell, _args, command) {
    shell.status = '0';
    let attributes = attributesOfName;
    let scope = ownScope;
    let global = false;
    for (const argument of command.args) {
      if (argument.type === 'Assignment') {
        shell.assign(argument, attributes, global ? 'global' : scope);
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
          if (/[nlu]/.test(field)) return shell.giveUp('a declaration that changes what assignments do');
          if (field.includes('g')) global = true;
          attributes = withFlags(attributes, field);
        } else declareName(shell, field, attributes, scope === 'local' && !global);
      }
    }
    if (scope === 'local') scope = ownScope;
    return undefined;
  },
});

function withFlags(attributes: Attributes, flags: string): Attributes {
  const on = flags.startsWith('-');
  return {
    kind: flags.includes('A') ? 'associative' : flags.includes('a') ? 'indexed' : attributes.kind,
    integer: flags.includes('i') ? on : attributes.integer,
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
      assigned: before?.assigned,
    };
    if (local) shell.variables.setLocal(name, variable);
    else if (before !== undefined || attributes.kind !== undefined) shell.variables.set(name, variable);
    return;
  }
  const old = before?.value?.type === 'scalar' && !isUnknown(before.value.text) ? before.value.text : '';
  shell.assignText(name, operator === '+=' ? old + rest : rest);
}

const unset: Builtin = {
  run(shell, args) {
    shell.status = '0';
    if (isUnknown(args)) return shell.giveUp(`what is unset: ${args.reason}`);
    const functions = args.includes('-f');
    for (const name of args.filter((arg) => !arg.startsWith('-'))) {
      if (functions) shell.functions.delete(name);
      else if (name.includes('['))
        shell.assignText(name.slice(0, name.indexOf('[')), new Unknown('an element that is unset'));
      else if (shell.lookup(name) === undefined && !args.includes('-v')) shell.functions.delete(name);
      else shell.variables.unset(name);
    }
    return undefined;
  },
};

const evaluate: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return shell.giveUp(`eval of text that is not known: ${args.reason}`);
    const script = parse(args.join(' '));
    if ((script.errors?.length ?? 0) > 0) return shell.giveUp('eval of text that does not parse');
    return shell.run(script.commands);
  },
};

/** `read name`, `mapfile name`: what they put there comes from an input. */
const reading: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return shell.giveUp(`what is read: ${args.reason}`);
    const reason = new Unknown('what is read from an input');
    for (const name of [...args.filter((arg) => /^[A-Za-z_]\w*$/.test(arg)), 'REPLY', 'MAPFILE']) {
      if (name === args.at(-1) || shell.variables.get(name) !== undefined) shell.assignText(name, reason);
    }
    shell.status = reason;
    return undefined;
  },
};

const printf: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) {
      shell.write(args);
      return undefined;
    }
    shell.status = '0';
    const made = PURE_PRINTF(args[0] === '-v' ? args.slice(2) : args);
    if (args[0] === '-v') shell.assignText(args[1] ?? '', made);
    else shell.write(made);
    return undefined;
  },
};

const PURE_PRINTF = (args: readonly string[]): string | Unknown =>
  PURE_PROGRAMS.get('printf')?.(args, '') ?? new Unknown('the output of printf');

/** Runs what its arguments name: the function is not looked for, or only the builtin. */
const through: Builtin = {
  run(shell, args, command) {
    if (isUnknown(args)) return shell.giveUp(`a command that is not known: ${args.reason}`);
    if (args[0] === undefined || args[0].startsWith('-')) {
      shell.write(new Unknown('where a command is'));
      shell.status = new Unknown(`whether ${args.at(-1) ?? 'a command'} is there`);
      return undefined;
    }
    const [name = '', ...rest] = args;
    const builtin = BUILTINS.get(name);
    if (builtin?.declares === true) return shell.giveUp('a declaration behind builtin or command');
    if (builtin !== undefined) return builtin.run(shell, rest, command);
    const program = PURE_PROGRAMS.get(name);
    shell.write(program?.(rest, shell.input) ?? new Unknown(`the output of ${name}`));
    shell.status = program === undefined ? new Unknown(`whether ${name} succeeds`) : '0';
    return undefined;
  },
};

const working: Builtin = {
  run(shell) {
    shell.moved = true;
    shell.status = new Unknown('whether a directory is there');
    return undefined;
  },
};

/** Builtins of bash that change the shell, or that a value may depend on. */
const KNOWN: Readonly<Record<string, Builtin>> = {
  ':': succeed,
  true: succeed,
  set: succeed,
  shopt: succeed,
  trap: succeed,
  alias: succeed,
  unalias: succeed,
  umask: succeed,
  ulimit: succeed,
  wait: succeed,
  enable: succeed,
  false: {
    run(shell) {
      shell.status = '1';
      return undefined;
    },
  },
  source,
  '.': source,
  '[': test,
  test,
  declare: declare({}, 'local'),
  typeset: declare({}, 'local'),
  local: declare({}, 'local'),
  export: declare({}, 'innermost'),
  readonly: declare({ readonly: true }, 'innermost'),
  unset,
  eval: evaluate,
  read: reading,
  mapfile: reading,
  readarray: reading,
  printf,
  command: through,
  builtin: through,
  cd: working,
  pushd: working,
  popd: working,
  return: stopping('return'),
  exit: stopping('exit'),
  break: stopping('break'),
  continue: stopping('continue'),
  exec: {
    run(shell, args) {
      if (isUnknown(args) || args.length > 0) return 'exit';
      shell.status = '0';
      return undefined;
    },
  },
  shift: {
    run(shell) {
      return shell.giveUp('a shift of the arguments');
    },
  },
  let: {
    run(shell) {
      return shell.giveUp('a calculation with let');
    },
  },
  getopts: {
    run(shell) {
      return shell.giveUp('the reading of options');
    },
  },
};

/** By name. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(Object.entries(KNOWN));
