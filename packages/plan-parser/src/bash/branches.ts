import type { ArithmeticFor, Case, CompoundList, For, If, Select, While, Word } from 'unbash';

import { evaluateArithmetic, textOfExpression } from './arithmetic.ts';
import type { Truth } from './condition.ts';
import { fieldsOfWords, patternOf, textOfWord } from './expand.ts';
import { compilePattern, matches } from './pattern.ts';
import type { ShellState } from './shell-state.ts';
import type { Stop } from './shell-world.ts';
import { isUnknown, type Text, Unknown } from './value.ts';

const MAX_ROUNDS = 10_000;
/** Rounds after which values that still change are given up. */
const MAX_SETTLING = 6;

/** Follows commands that may or may not run: what they change is unknown after them. */
export function followPerhaps(
  shell: ShellState,
  reason: string,
  follow: (branch: ShellState) => Stop | undefined,
): undefined {
  followMaybe(shell, reason, follow);
}

/** The same for commands that may run any number of times. */
function followRepeatedly(
  shell: ShellState,
  reason: string,
  follow: (branch: ShellState) => Stop | undefined,
): undefined {
  // A value that the first round leaves alone may be changed by the second, from what the first changed.
  for (let round = 0; round < MAX_SETTLING; round++) if (!followMaybe(shell, reason, follow)) return undefined;
  return shell.giveUp(reason);
}

/** @returns whether it would change a variable. */
function followMaybe(shell: ShellState, reason: string, follow: (branch: ShellState) => Stop | undefined): boolean {
  const branch = shell.subshell();
  const stop = follow(branch);
  const changed = shell.variables.merge(branch.variables, reason);
  shell.adoptFunctions(branch, reason);
  mergeStreams(shell, branch, reason);
  if (shell.output !== branch.output) shell.output = new Unknown(reason);
  shell.status = new Unknown(reason);
  if (stop !== undefined) shell.giveUp(reason);
  return changed;
}

/** What is left of the input, and the arguments. */
function mergeStreams(shell: ShellState, branch: ShellState, reason: string): void {
  if (shell.input !== branch.input) shell.input = new Unknown(reason);
  const [mine, theirs] = [shell.positional, branch.positional];
  const isSame = !isUnknown(mine) && !isUnknown(theirs) && JSON.stringify(mine) === JSON.stringify(theirs);
  if (!isSame) shell.positional = new Unknown(reason);
}

interface Clause {
  readonly clause: CompoundList;
  readonly then: CompoundList;
}

export function followIf(shell: ShellState, node: If): Stop | undefined {
  return choose(shell, [node, ...node.elif], node.else);
}

function choose(shell: ShellState, clauses: readonly Clause[], otherwise: CompoundList | undefined): Stop | undefined {
  for (const [i, clause] of clauses.entries()) {
    const stop = shell.run(clause.clause.commands);
    if (stop !== undefined) return stop;
    if (isUnknown(shell.status)) return either(shell, shell.status.reason, clause, clauses.slice(i + 1), otherwise);
    if (shell.status === '0') return shell.run(clause.then.commands);
  }
  if (otherwise !== undefined) return shell.run(otherwise.commands);
  shell.status = '0';
  return undefined;
}

/** Follows both ways; what is the same after both is known. */
function either(
  shell: ShellState,
  reason: string,
  clause: Clause,
  rest: readonly Clause[],
  otherwise: CompoundList | undefined,
): Stop | undefined {
  const other = shell.subshell();
  const outputBefore = shell.output;
  const [first, second] = [shell.run(clause.then.commands), choose(other, rest, otherwise)];
  shell.variables.merge(other.variables, reason);
  shell.adoptFunctions(other, reason);
  mergeStreams(shell, other, reason);
  if (shell.output !== other.output || shell.output !== outputBefore) shell.output = new Unknown(reason);
  shell.status = new Unknown(reason);
  if (first !== undefined && first === second && shell.loopsToLeave === other.loopsToLeave) return first;
  if (first !== undefined || second !== undefined) shell.giveUp(reason);
  return undefined;
}

export function followFor(shell: ShellState, { name, wordlist, body }: For): Stop | undefined {
  const values = wordlist === undefined ? shell.positional : fieldsOfWords(wordlist, shell);
  if (isUnknown(values)) {
    return followRepeatedly(shell, values.reason, (branch) => {
      branch.assignText(name.value, values);
      return followBody(branch, body)[1];
    });
  }
  if (shell.isReference(name.value)) return shell.giveUp('a loop over references');
  if (values.length === 0) shell.status = '0';
  for (const value of values) {
    shell.assignText(name.value, value);
    const [ended, stop] = followBody(shell, body);
    if (ended) return stop;
  }
  return undefined;
}

/** One round of a loop. @returns whether it was the last, and what ends more than the loop. */
function followBody(shell: ShellState, body: CompoundList): readonly [ended: boolean, stop: Stop | undefined] {
  shell.loops += 1;
  const stop = shell.run(body.commands);
  shell.loops -= 1;
  if (body.commands.length === 0) shell.status = '0';
  if (stop !== 'break' && stop !== 'continue') return [stop !== undefined, stop];
  if (shell.loopsToLeave === 0) return [stop === 'break', undefined];
  shell.loopsToLeave -= 1;
  return [true, stop];
}

export function followArithmeticFor(shell: ShellState, node: ArithmeticFor): Stop | undefined {
  const compute = (part: ArithmeticFor['test'], where: ShellState): bigint | Unknown =>
    evaluateArithmetic(textOfExpression(part), where.arithmetic);
  const doubt = (reason: string): undefined => {
    followRepeatedly(shell, reason, (branch) => {
      const [, stop] = followBody(branch, node.body);
      compute(node.update, branch);
      return stop;
    });
    return shell.giveUp(reason);
  };
  const first = compute(node.initialize, shell);
  if (isUnknown(first)) return doubt(first.reason);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const value = node.test === undefined ? 1n : compute(node.test, shell);
    if (isUnknown(value)) return doubt(value.reason);
    if (value === 0n) {
      if (round === 0) shell.status = '0';
      return undefined;
    }
    const [ended, stop] = followBody(shell, node.body);
    if (ended) return stop;
    const next = compute(node.update, shell);
    if (isUnknown(next)) return doubt(next.reason);
  }
  return shell.abandon('a loop without an end');
}

export function followWhile(shell: ShellState, { clause, body, kind }: While): Stop | undefined {
  let ends: Text = '0';
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stopped = shell.run(clause.commands);
    if (stopped !== undefined) return stopped;
    if (isUnknown(shell.status)) {
      const { reason } = shell.status;
      return followRepeatedly(shell, reason, (branch) => followBody(branch, body)[1] ?? branch.run(clause.commands));
    }
    if ((shell.status === '0') !== (kind === 'while')) {
      shell.status = ends;
      return undefined;
    }
    const [ended, stop] = followBody(shell, body);
    if (ended) return stop;
    ends = shell.status;
  }
  return shell.abandon('a loop without an end');
}

/** Which of its words is chosen comes from an input; so does whether there is a round at all. */
export function followSelect(shell: ShellState, { name, wordlist, body }: Select): Stop | undefined {
  const unknown = new Unknown('what is chosen');
  if (wordlist !== undefined) fieldsOfWords(wordlist, shell);
  shell.input = new Unknown('what a command leaves of the input');
  return followRepeatedly(shell, unknown.reason, (branch) => {
    branch.assignText(name.value, unknown);
    branch.assignText('REPLY', unknown);
    return followBody(branch, body)[1];
  });
}

export function followCase(shell: ShellState, node: Case): Stop | undefined {
  const { status } = shell;
  const word = textOfWord(node.word, shell);
  let [through, ran] = [false, false];
  for (const [i, item] of node.items.entries()) {
    const found = through || caseMatches(shell, item.pattern, word);
    if (isUnknown(found)) {
      for (const other of node.items.slice(i)) {
        followPerhaps(shell, found.reason, (branch) => branch.run(other.body.commands));
      }
      return undefined;
    }
    if (!found) continue;
    // A command that the word or a pattern ran may show in `$?`.
    shell.status = shell.status === status ? status : new Unknown('how a substitution ends');
    const stop = shell.run(item.body.commands);
    if (stop !== undefined) return stop;
    ran ||= item.body.commands.length > 0;
    through = item.terminator === ';&';
    if (!through && item.terminator !== ';;&') break;
  }
  if (!ran) shell.status = '0';
  return undefined;
}

function caseMatches(shell: ShellState, patterns: readonly Word[], word: Text): Truth {
  if (isUnknown(word)) return word;
  for (const candidate of patterns) {
    const source = patternOf(candidate, shell);
    const pattern = isUnknown(source) ? source : compilePattern(source);
    if (isUnknown(pattern)) return pattern;
    const found = matches(pattern, word);
    if (found !== false) return found;
  }
  return false;
}
