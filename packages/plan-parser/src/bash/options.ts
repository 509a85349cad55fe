import type { Builtin } from './builtin.ts';
import { isUnknown, Unknown } from './value.ts';

/** Options that change nothing of what values mean. */
const HARMLESS =
  /^(?:extglob|nullglob|dotglob|globstar|nocaseglob|failglob|checkwinsize|interactive_comments|inherit_errexit|progcomp|cmdhist|huponexit)$/;
/** The same of `set -o`. */
const NAMED =
  /^(?:xtrace|verbose|allexport|noclobber|hashall|physical|noglob|errtrace|functrace|errexit|nounset|pipefail)$/;

/** `shopt -s extglob` */
export const shopt: Builtin = {
  run(shell, args) {
    const [flag = '', ...names] = isUnknown(args) ? [] : args;
    if (isUnknown(args) || names.includes('extglob')) shell.groups = flag === '-s' && names.length === 1;
    if (!isUnknown(args) && /^-[su]$/.test(flag) && names.length > 0 && names.every((name) => HARMLESS.test(name))) {
      shell.status = '0';
      return undefined;
    }
    shell.write(new Unknown('the options of the shell'));
    shell.status = new Unknown('the options of the shell');
    // It only tells.
    if (!isUnknown(args) && (args.length === 0 || /^-[pq]$/.test(flag))) return undefined;
    return shell.abandon('an option that changes what values mean');
  },
};

/** `set -e`, `set -- a b`. */
export const set: Builtin = {
  run(shell, args) {
    shell.status = '0';
    if (isUnknown(args)) return shell.abandon(`options that are not known: ${args.reason}`);
    const [first, second] = args;
    if (first === undefined || (second === undefined && /^[-+]o$/.test(first))) {
      shell.write(new Unknown('the variables and options of the shell'));
      return undefined;
    }
    for (let at = 0; at < args.length; at++) {
      const arg = args[at] ?? '';
      if (arg === '--' || !/^[-+]/.test(arg)) {
        shell.positional = args.slice(arg === '--' ? at + 1 : at);
        return undefined;
      }
      const named = /o$/.test(arg) ? args[++at] : undefined;
      const isKnown =
        /^[-+][aefuxvCEPTh]*o?$/.test(arg) && arg.length > 1 && (named === undefined || NAMED.test(named));
      if (!isKnown || (/o$/.test(arg) && named === undefined)) return shell.abandon(`set ${arg}`);
      if (/[eu]/.test(arg) || /^(?:errexit|nounset|pipefail)$/.test(named ?? '')) shell.strict = true;
    }
    return undefined;
  },
};
