import type { AndOr, CommandNode, CompoundList, Pipeline, PipelineNode, Statement } from 'unbash';

import { evaluateArithmetic } from './arithmetic.ts';
import {
  followArithmeticFor,
  followCase,
  followFor,
  followIf,
  followPerhaps,
  followSelect,
  followWhile,
} from './branches.ts';
import { evaluateTest, type Truth } from './condition.ts';
import type { ShellState } from './shell-state.ts';
import type { ShellWorld, Stop } from './shell-world.ts';
import { followSimple, withRedirects } from './simple-command.ts';
import { isUnknown, Unknown } from './value.ts';

/** Follows a script without running anything: what it cannot know it marks as unknown. */
export const BASH: ShellWorld['follow'] = {
  statements: followStatements,
  command: followCommand,
  perhaps: followPerhaps,
};

function followStatements(shell: ShellState, statements: readonly Statement[]): Stop | undefined {
  for (const { command, background, pos, end } of statements) {
    const tired = shell.world.budget.step();
    if (tired !== undefined) return shell.abandon(tired.reason);
    shell.place = { file: shell.file, pos, end };
    if (background === true) {
      followNode(shell.subshell(), command);
      continue;
    }
    const stop = followNode(shell, command);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

function followNode(shell: ShellState, node: PipelineNode | AndOr): Stop | undefined {
  if (node.type === 'AndOr') return followAndOr(shell, node);
  return node.type === 'Pipeline' ? followPipeline(shell, node) : followCommand(shell, node);
}

function followAndOr(shell: ShellState, { commands, operators }: AndOr): Stop | undefined {
  for (const [i, node] of commands.entries()) {
    if (i > 0) {
      const { status } = shell;
      if (isUnknown(status)) {
        followPerhaps(shell, status.reason, (branch) => followNode(branch, node));
        continue;
      }
      if ((status === '0') !== (operators[i - 1] === '&&')) continue;
    }
    const stop = followNode(shell, node);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

function followPipeline(shell: ShellState, { commands, prefixes }: Pipeline): Stop | undefined {
  const [only] = commands;
  const stop = commands.length === 1 && only !== undefined ? followCommand(shell, only) : undefined;
  if (commands.length > 1) followPieces(shell, commands);
  const negated = prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1;
  if (negated && !isUnknown(shell.status)) shell.status = shell.status === '0' ? '1' : '0';
  return stop;
}

/** Each command of a pipeline runs in a shell of its own. */
function followPieces(shell: ShellState, commands: readonly CommandNode[]): void {
  let { input } = shell;
  for (const [i, node] of commands.entries()) {
    const child = shell.subshell();
    child.input = input;
    const isLast = i === commands.length - 1;
    if (!isLast) child.output = '';
    followCommand(child, node);
    if (isLast) {
      shell.output = child.output;
      shell.status = shell.endOf(child);
      if (child.strict) {
        shell.write(new Unknown('where a shell ends that any failure ends'));
        shell.status = new Unknown('how a pipeline ends');
      }
    } else input = child.output ?? '';
  }
}

function followCommand(shell: ShellState, node: CommandNode | CompoundList): Stop | undefined {
  switch (node.type) {
    case 'Command':
      return followSimple(shell, node);
    case 'CompoundList':
      return followStatements(shell, node.commands);
    case 'BraceGroup':
      return followStatements(shell, node.body.commands);
    case 'Redirected':
      return withRedirects(shell, node.redirects, (inner) => followCommand(inner, node.command));
    case 'Function':
      shell.functions.set(node.name.value, { node, file: shell.file });
      shell.status = '0';
      return undefined;
    case 'Subshell': {
      const child = shell.subshell();
      followStatements(child, node.body.commands);
      if (child.input !== shell.input) shell.input = new Unknown('what a command leaves of the input');
      shell.output = child.output;
      if (child.strict) shell.write(new Unknown('where a shell ends that any failure ends'));
      shell.status = shell.endOf(child);
      return undefined;
    }
    case 'If':
      return followIf(shell, node);
    case 'For':
      return followFor(shell, node);
    case 'While':
      return followWhile(shell, node);
    case 'Case':
      return followCase(shell, node);
    case 'ArithmeticFor':
      return followArithmeticFor(shell, node);
    case 'TestCommand':
      return settle(shell, evaluateTest(node.expression, shell));
    case 'ArithmeticCommand': {
      const value = evaluateArithmetic(node.body, shell.arithmetic);
      return settle(shell, isUnknown(value) ? value : value !== 0n);
    }
    case 'Select':
      return followSelect(shell, node);
    default:
      shell.status = new Unknown('a coprocess');
      return followPerhaps(shell, 'a coprocess', (branch) => followCommand(branch.subshell(), node.body));
  }
}

function settle(shell: ShellState, truth: Truth): undefined {
  shell.status = isUnknown(truth) ? truth : truth ? '0' : '1';
}
