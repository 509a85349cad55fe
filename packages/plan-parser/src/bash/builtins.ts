import { parse } from 'unbash';
import { evaluateText } from './arithmetic.ts';
import type { Builtin } from './builtin.ts';
import { evaluateArguments } from './condition.ts';
import { declare } from './declarations.ts';
import { PURE_PROGRAMS } from './programs.ts';
import type { ShellState } from './shell-state.ts';
import { isUnknown, Unknown } from './value.ts';

const succeed: Builtin = {
  run(shell) {
    shell.status = '0';
    return undefined;
  },
};

const stopping = (stop: 'return' | 'exit'): Builtin => ({
  run(shell, args) {
    if (isUnknown(args)) shell.status = args;
    else if (args[0] !== undefined)
      shell.status = /^\d+$/.test(args[0]) ? String(Number(args[0]) % 256) : new Unknown('a status');
    return stop;
  },
});

/** `break 2` and `continue 2`. */
const leaving = (stop: 'break' | 'continue'): Builtin => ({
  run(shell, args) {
    const count = isUnknown(args) ? '?' : (args[0] ?? '1');
    if (!/^[1-9]\d{0,3}$/.test(count)) return shell.abandon('a loop that is left in a way that is not known');
    shell.status = '0';
    if (shell.loops === 0) return undefined;
    shell.loopsToLeave = Math.min(Number(count), shell.loops) - 1;
    return stop;
  },
});

/** Commands that are not known may do whatever a shell can do. */
function runsAnything(shell: ShellState, reason: string): undefined {
  shell.functionsUnsettled ??= reason;
  return shell.giveUp(reason);
}

const source: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return runsAnything(shell, `a file that is not known: ${args.reason}`);
    const [path = '', ...rest] = args;
    if (shell.moved && !path.startsWith('/'))
      return runsAnything(shell, `${JSON.stringify(path)}, in a directory that is not known`);
    const found = shell.world.load(path);
    if (isUnknown(found)) return runsAnything(shell, found.reason);
    if (found === 'absent') {
      shell.status = '1';
      return undefined;
    }
    shell.status = '0';
    return shell.runFile(found, rest.length === 0 ? undefined : rest);
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

const unset: Builtin = {
  run(shell, args) {
    shell.status = '0';
    if (isUnknown(args)) return shell.giveUp(`what is unset: ${args.reason}`);
    const functions = args.includes('-f');
    for (const name of args.filter((arg) => !arg.startsWith('-'))) {
      if (functions) shell.functions.delete(name);
      else if (args.includes('-n')) shell.variables.unsetReference(name);
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
    if (isUnknown(args)) return runsAnything(shell, `eval of text that is not known: ${args.reason}`);
    const text = args.join(' ');
    const script = parse(text);
    // A backslash at the very end swallows what follows.
    if ((script.errors?.length ?? 0) > 0 || text.endsWith('\\')) {
      shell.variables.doubtFromHere('eval of text that does not parse');
      return runsAnything(shell, 'eval of text that does not parse');
    }
    return shell.runUnits(text, script);
  },
};

/** `read name`, `mapfile name`: what they put there comes from an input. */
const reading: Builtin = {
  run(shell, args, command) {
    if (isUnknown(args)) return shell.giveUp(`what is read: ${args.reason}`);
    const reason = new Unknown('what is read from an input');
    if (args.some((arg) => arg.includes('['))) return shell.giveUp(reason.reason);
    const isList = command.name?.value !== 'read' || args.some((arg) => /^-\w*a/.test(arg));
    for (const name of [...args.filter((arg) => /^[A-Za-z_]\w*$/.test(arg)), 'REPLY', 'MAPFILE']) {
      if (isList) shell.assignList(name, reason);
      else shell.assignText(name, reason);
    }
    shell.input = new Unknown('what a command leaves of the input');
    shell.status = reason;
    return undefined;
  },
};

const printf: Builtin = {
  run(shell, args, command) {
    if (isUnknown(args)) {
      shell.write(args);
      const [flag, target] = command.args;
      if (flag !== undefined && /^[\w%.\\'"/-]*$/.test(flag.text) && !/^.?-v/.test(flag.text)) return undefined;
      if (flag?.text === '-v' && target !== undefined && /^[A-Za-z_]\w*$/.test(target.text)) {
        shell.assignText(target.text, args);
        return undefined;
      }
      return shell.giveUp(args.reason);
    }
    const [flag = '', name = '', ...rest] = args;
    if (!flag.startsWith('-v')) {
      const made = PURE_PRINTF(args);
      shell.write(made);
      shell.status = isUnknown(made) ? made : '0';
      return undefined;
    }
    const listed = /^(?:-v)?([A-Za-z_]\w*)\[/.exec(flag === '-v' ? name : flag)?.[1];
    if (listed !== undefined) shell.assignList(listed, new Unknown('what printf -v sets'));
    if (flag !== '-v' || !/^[A-Za-z_]\w*$/.test(name)) return shell.giveUp('what printf -v sets');
    const made = PURE_PRINTF(rest);
    shell.assignText(name, made);
    shell.status = isUnknown(made) ? made : '0';
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

/** What it turns on or off changes how values come about; anything else does not. */
const harmless = (kinds: RegExp, what: string): Builtin => ({
  run(shell, args) {
    shell.status = '0';
    if (isUnknown(args) || args.some((arg) => !/^[-+]/.test(arg) && !kinds.test(arg))) return shell.abandon(what);
    return undefined;
  },
});

const trapping = harmless(/^(?!(?:sig)?(?:return|debug|err)$)/i, 'commands that run after others');

const switching = harmless(
  /^(?:extglob|nullglob|dotglob|globstar|nocaseglob|failglob|checkwinsize|interactive_comments|inherit_errexit|progcomp|cmdhist|huponexit)$/,
  'an option that changes what values mean',
);

/** `set -e`, `set -- a b`. */
const setting: Builtin = {
  run(shell, args) {
    shell.status = '0';
    if (isUnknown(args)) {
      shell.positional = args;
      return undefined;
    }
    for (const [i, arg] of args.entries()) {
      if (arg === '--' || !/^[-+]./.test(arg)) {
        const values = args.slice(arg === '--' ? i + 1 : i);
        if (args.length > 0 && (arg === '--' || !/^[-+]o$/.test(args[i - 1] ?? ''))) {
          shell.positional = arg === '-' ? values.slice(1) : values;
          return undefined;
        }
        if (/^(?:posix|keyword|noexec|onecmd)$/.test(arg)) return shell.abandon(`set -o ${arg}`);
      } else if (/[knt]/.test(arg)) return shell.abandon(`set ${arg}`);
    }
    return undefined;
  },
};

const shift: Builtin = {
  run(shell, args) {
    const { positional } = shell;
    const count = isUnknown(args) ? '?' : (args[0] ?? '1');
    if (isUnknown(positional) || !/^\d{1,6}$/.test(count)) {
      shell.positional = new Unknown('a shift of the arguments');
      shell.status = new Unknown('a shift of the arguments');
      return undefined;
    }
    const enough = Number(count) <= positional.length;
    if (enough) shell.positional = positional.slice(Number(count));
    shell.status = enough ? '0' : '1';
    return undefined;
  },
};

const calculate: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return shell.giveUp(args.reason);
    let last: bigint | Unknown = 0n;
    for (const arg of args) {
      last = evaluateText(arg, shell.arithmetic);
      if (isUnknown(last)) {
        shell.giveUp(last.reason);
        return undefined;
      }
    }
    shell.status = last === 0n ? '1' : '0';
    return undefined;
  },
};

/** Builtins of bash that change the shell, or that a value may depend on. */
const KNOWN: Readonly<Record<string, Builtin>> = {
  ':': succeed,
  true: succeed,
  set: setting,
  shopt: {
    run(shell, args, command) {
      if (!isUnknown(args) && args.includes('extglob')) shell.groups = args.length === 2 && args[0] === '-s';
      return switching.run(shell, args, command);
    },
  },
  trap: {
    run(shell, args, command) {
      // What it runs at the end of a substitution may write.
      shell.write(new Unknown('what a trap writes'));
      return trapping.run(shell, args, command);
    },
  },
  alias: succeed,
  unalias: succeed,
  umask: succeed,
  ulimit: succeed,
  wait: succeed,
  enable: harmless(/^$/, 'builtins that are turned off'),
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
  break: leaving('break'),
  continue: leaving('continue'),
  exec: {
    run(shell, args) {
      if (isUnknown(args) || args.length > 0) return 'exit';
      shell.status = '0';
      return undefined;
    },
  },
  shift,
  let: calculate,
  getopts: {
    run(shell) {
      return shell.giveUp('the reading of options');
    },
  },
};

/** By name. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(Object.entries(KNOWN));
