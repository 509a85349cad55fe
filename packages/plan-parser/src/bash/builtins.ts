import { parse } from 'unbash';
import { evaluateText } from './arithmetic.ts';
import type { Builtin } from './builtin.ts';
import { evaluateArguments } from './condition.ts';
import { declare } from './declarations.ts';
import { set, shopt } from './options.ts';
import { PURE_PROGRAMS } from './programs.ts';
import { runText } from './run-text.ts';
import type { ShellState } from './shell-state.ts';
import { isUnknown, Unknown } from './value.ts';

const succeed: Builtin = {
  run(shell) {
    shell.status = '0';
    return undefined;
  },
};

/** It may tell something, or fail. */
const telling: Builtin = {
  run(shell) {
    shell.write(new Unknown('what a command tells of the shell'));
    shell.status = new Unknown('whether a command succeeds');
    return undefined;
  },
};

const stopping = (stop: 'return' | 'exit'): Builtin => ({
  run(shell, args) {
    const [status] = isUnknown(args) ? [] : args;
    if (isUnknown(args) || args.length > 1 || (status !== undefined && !/^\d{1,9}$/.test(status))) {
      shell.abandon('an end that may be refused');
      return stop;
    }
    if (status !== undefined) shell.status = String(Number(status) % 256);
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
export function runsAnything(shell: ShellState, reason: string): undefined {
  shell.functionsUnsettled ??= reason;
  return shell.giveUp(reason);
}

const source: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return runsAnything(shell, `a file that is not known: ${args.reason}`);
    const [path = '', ...rest] = args;
    if (path === '' || /^-|^\/(?:dev\/(?:std|fd|tcp|udp)|proc\/)/.test(path))
      return runsAnything(shell, `a file that is not known: ${path}`);
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
    if (closed && args.at(-1) !== ']') {
      shell.status = new Unknown('a test without an end');
      return undefined;
    }
    const truth = evaluateArguments(closed ? args.slice(0, -1) : args, shell);
    shell.status = isUnknown(truth) ? truth : truth ? '0' : '1';
    return undefined;
  },
};

const unset: Builtin = {
  run(shell, args) {
    if (isUnknown(args)) return shell.giveUp(`what is unset: ${args.reason}`);
    const [flag = ''] = args;
    const names = flag.startsWith('-') ? args.slice(1) : args;
    if (!/^(?:-[fnv])?$/.test(flag.startsWith('-') ? flag : '')) return shell.giveUp('what is unset');
    shell.status = '0';
    for (const name of names) {
      if (flag === '-f') shell.functions.delete(name);
      else if (/^\w+\[/.test(name)) unsetElement(shell, name);
      else if (!/^[A-Za-z_]\w*$/.test(name) || shell.variables.get(name)?.readonly === true)
        shell.status = new Unknown('what cannot be unset');
      else if (flag === '-n') shell.variables.unsetReference(name);
      else if (shell.lookup(name) === undefined && flag === '') shell.functions.delete(name);
      else shell.variables.unset(name);
    }
    return undefined;
  },
};

/** Whether it is there, and what its place is, is another matter in every version. */
function unsetElement(shell: ShellState, text: string): void {
  const unknown = new Unknown('an element that is unset');
  const name = text.slice(0, text.indexOf('['));
  if (/[$`]|=|\+\+|--/.test(text)) shell.giveUp(unknown.reason);
  shell.assignText(name, unknown);
  shell.mayFail(unknown);
  shell.status = unknown;
}

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
    if (script.commands.length === 0) shell.status = '0';
    return runText(shell, text, script);
  },
};

/** `read name`, `mapfile name`: what they put there comes from an input. */
const reading: Builtin = {
  run(shell, args, command) {
    if (isUnknown(args)) return shell.giveUp(`what is read: ${args.reason}`);
    const reason = new Unknown('what is read from an input');
    if (args.some((arg) => arg.startsWith('-C'))) return runsAnything(shell, reason.reason);
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

/** What means the same whatever it is named by. */
const THROUGH = new Set([
  ':',
  'true',
  'false',
  'source',
  '.',
  'eval',
  'unset',
  'printf',
  'cd',
  'exit',
  'return',
  'set',
  'shift',
]);

/** Runs what its arguments name: the function is not looked for, or only the builtin. */
const through: Builtin = {
  run(shell, args, command) {
    if (isUnknown(args)) return shell.giveUp(`a command that is not known: ${args.reason}`);
    if (args[0]?.startsWith('-') === true && !/^-[vV]$/.test(args[0])) return runsAnything(shell, 'builtin or command');
    if (args[0] === undefined || args[0].startsWith('-')) {
      shell.write(new Unknown('where a command is'));
      shell.status = new Unknown(`whether ${args.at(-1) ?? 'a command'} is there`);
      return undefined;
    }
    const [name = '', ...rest] = args;
    const builtin = BUILTINS.get(name);
    if (builtin !== undefined && (!THROUGH.has(name) || rest[0]?.startsWith('-v') === true))
      return runsAnything(shell, `${name} behind builtin or command`);
    if (builtin !== undefined) return builtin.run(shell, rest, command);
    const program = PURE_PROGRAMS.get(name);
    const made = program?.(rest, shell.input) ?? new Unknown(`the output of ${name}`);
    shell.write(made);
    shell.status = isUnknown(made) ? made : '0';
    return undefined;
  },
};

const working: Builtin = {
  run(shell) {
    shell.moved = true;
    shell.write(new Unknown('the working directory'));
    shell.status = new Unknown('whether a directory is there');
    return undefined;
  },
};

/** What it turns on or off changes how values come about; anything else does not. */
const harmless = (kinds: RegExp, what: string): Builtin => ({
  run(shell, args) {
    shell.status = '0';
    if (isUnknown(args) || args.some((arg) => !/^[-+]/.test(arg) && !kinds.test(arg))) return shell.abandon(what);
    shell.status = new Unknown(what);
    return undefined;
  },
});

const trapping = harmless(/^(?!(?:sig)?(?:return|debug|err)$)/i, 'commands that run after others');

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
  set,
  shopt,
  trap: {
    run(shell, args, command) {
      // What it runs at the end of a substitution may write.
      shell.write(new Unknown('what a trap writes'));
      return trapping.run(shell, args, command);
    },
  },
  alias: telling,
  unalias: telling,
  umask: telling,
  ulimit: telling,
  wait: telling,
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
      if (isUnknown(args) || args.length > 0) {
        shell.write(new Unknown('what another program writes'));
        shell.status = new Unknown('how another program ends');
        return 'exit';
      }
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
