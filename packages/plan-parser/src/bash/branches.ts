import type { Case, CompoundList, For, If, While, Word } from 'unbash';

import type { Truth } from './condition.ts';
import { fieldsOfWords, patternOf, textOfWord } from './expand.ts';
import { compilePattern, matches } from './pattern.ts';
import type { ShellState, Stop } from './shell-state.ts';
import { isUnknown, type Text, Unknown } from './value.ts';

const MAX_ROUNDS = 10_000;

/** Follows commands that may or may not run: what they change is unknown after them. */
export function followPerhaps(
  shell: ShellState,
  reason: string,
  follow: (branch: ShellState) => Stop | undefined,
): undefined {
  const branch = shell.subshell();
  const stop = follow(branch);
  shell.variables.merge(branch.variables, reason);
  shell.adoptFunctions(branch);
  if (shell.output !== branch.output) shell.output = new Unknown(reason);
  shell.status = new Unknown(reason);
  // Everything that follows may not run at all.
  if (stop === 'exit' || stop === 'return') shell.giveUp(reason);
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
  shell.status = '0';
  return otherwise === undefined ? undefined : shell.run(otherwise.commands);
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
  shell.adoptFunctions(other);
  if (shell.output !== other.output || shell.output !== outputBefore) shell.output = new Unknown(reason);
  shell.status = new Unknown(reason);
  if (first !== undefined && first === second) return first;
  if (first !== undefined || second !== undefined) shell.giveUp(reason);
  return undefined;
}

export function followFor(shell: ShellState, { name, wordlist, body }: For): Stop | undefined {
  const values = wordlist === undefined ? shell.positional : fieldsOfWords(wordlist, shell);
  if (isUnknown(values)) {
    return followPerhaps(shell, values.reason, (branch) => {
      branch.assignText(name.value, values);
      return branch.run(body.commands);
    });
  }
  shell.status = '0';
  for (const value of values) {
    shell.assignText(name.value, value);
    const stop = shell.run(body.commands);
    if (stop === 'break') break;
    if (stop === 'exit' || stop === 'return') return stop;
  }
  return undefined;
}

export function followWhile(shell: ShellState, { clause, body, kind }: While): Stop | undefined {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stopped = shell.run(clause.commands);
    if (stopped !== undefined) return stopped;
    if (isUnknown(shell.status)) {
      return followPerhaps(shell, shell.status.reason, (branch) => branch.run(body.commands));
    }
    if ((shell.status === '0') !== (kind === 'while')) {
      shell.status = '0';
      return undefined;
    }
    const stop = shell.run(body.commands);
    if (stop === 'break') return undefined;
    if (stop === 'exit' || stop === 'return') return stop;
  }
  return shell.abandon('a loop without an end');
}

export function followCase(shell: ShellState, node: Case): Stop | undefined {
  const word = textOfWord(node.word, shell);
  shell.status = '0';
  let through = false;
  for (const [i, item] of node.items.entries()) {
    const found = through || caseMatches(shell, item.pattern, word);
    if (isUnknown(found)) {
      for (const other of node.items.slice(i)) {
        followPerhaps(shell, found.reason, (branch) => branch.run(other.body.commands));
      }
      return undefined;
    }
    if (!found) continue;
    const stop = shell.run(item.body.commands);
    if (stop !== undefined) return stop;
    through = item.terminator === ';&';
    if (!through && item.terminator !== ';;&') return undefined;
  }
  return undefined;
}

function caseMatches(shell: ShellState, patterns: readonly Word[], word: Text): Truth {
  if (isUnknown(word)) return word;
  for (const candidate of patterns) {
    const source = patternOf(candidate, shell);
    const pattern = isUnknown(source) ? source : compilePattern(source);
    if (isUnknown(pattern)) return pattern;
    if (matches(pattern, word)) return true;
  }
  return false;
}
