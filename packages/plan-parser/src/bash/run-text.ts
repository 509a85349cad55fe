import type { ParsedScript, Statement } from 'unbash';

import { StrictReader } from './grammar/strict-reader.ts';
import { namesIn } from './mentions.ts';
import type { ShellState } from './shell-state.ts';
import type { Stop } from './shell-world.ts';
import { Unknown } from './value.ts';

/** Follows a text line by line, as bash reads it: an error ends its line and no more. */
export function runText(shell: ShellState, text: string, script: ParsedScript): Stop | undefined {
  const { lineDoubt } = shell.variables;
  const reader = new StrictReader(text, script);
  while (!reader.done) {
    const begin = reader.at;
    const unit = reader.unit(shell.groups);
    if (typeof unit === 'number') return runDoubtful(shell, text, reader, unit);
    const stop = text.slice(begin, reader.at).includes('\0') ? runBinary(shell, unit) : shell.run(unit);
    if (shell.variables.lineDoubt !== lineDoubt) shell.status = new Unknown('whether a command fails');
    shell.variables.lineDoubt = lineDoubt;
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** Bash leaves zero bytes out, where it does not refuse the file. */
function runBinary(shell: ShellState, unit: readonly Statement[]): undefined {
  shell.world.follow.perhaps(shell, 'zero bytes in the text', (branch) => branch.run(unit));
}

/** Bash may refuse the text from here on, or take it for something else: the rest has been followed, or has not. */
function runDoubtful(shell: ShellState, text: string, reader: StrictReader, place: number): undefined {
  const { file, functions } = shell;
  const begin = Math.min(place, reader.rest()[0]?.pos ?? place);
  const line = text.slice(0, begin).split('\n').length;
  const reason = `whether bash reads on at line ${line} of ${file}`;
  const rest = text.slice(reader.at);
  const mentioned = namesIn(rest, [...functions.keys()]);
  if (mentioned === undefined) shell.giveUp(reason);
  else shell.variables.forget(reason, shell.place, mentioned);
  shell.world.follow.perhaps(shell, reason, (branch) => branch.run(reader.rest()));
  for (const { 0: name, index } of rest.matchAll(/\bpkg_\w+(?=\+?=)/g)) {
    if (shell.variables.get(name)?.assigned !== undefined) continue;
    const pos = reader.at + index;
    shell.variables.forgetOne(name, reason, { file, pos, end: pos + name.length });
  }
  shell.write(new Unknown(reason));
  shell.functionsUnsettled ??= reason;
  shell.status = new Unknown(reason);
  shell.variables.doubtFromHere(reason);
}
