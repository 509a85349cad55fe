import type { Assignment, CommandNode, CompoundList, ParsedScript, Statement, Word } from 'unbash';

import { type ArithmeticWorld, isPlainNumber } from './arithmetic.ts';
import { type Attributes, assignedVariable, rightSide, withText } from './assign.ts';
import { isDynamic } from './build-environment.ts';
import { patternOf, textOfWord } from './expand.ts';
import { firstOf } from './parameter.ts';
import { runText } from './run-text.ts';
import type { Shell } from './shell.ts';
import type { DefinedFunction, LoadedFile, ShellWorld, Stop } from './shell-world.ts';
import { isUnknown, type Text, Unknown } from './value.ts';
import { type Variable, Variables } from './variables.ts';

/** `$1` and so on; a file that is read without arguments shares those of whoever reads it. */
interface Positional {
  values: readonly string[] | Unknown;
}

interface Frame {
  readonly file: string;
  /** Of files that are read; undefined for functions. */
  readonly path?: string | undefined;
  readonly function: string | undefined;
  readonly positional: Positional;
}

const MAX_DEPTH = 40;
/** How often a file may be read while it is being read: some do so once, and stop by a test. */
const MAX_SAME_FILE = 12;
/** What one more variable to copy counts for, in characters. */
const COPY_COST = 8;

/** What a shell knows and has defined, at one place of a script; nothing is ever run. */
export class ShellState implements Shell {
  readonly world: ShellWorld;
  readonly functions: Map<string, DefinedFunction> = new Map();
  variables: Variables = new Variables();
  /** What commands write; undefined: nobody reads it. */
  output: Text | undefined;
  input: Text = new Unknown('the standard input');
  /** `$?`, as text. */
  status: Text = '0';
  /** The statement that is being followed. */
  place: NonNullable<Variable['assigned']>;
  /** Whether the working directory is not that of the plan any more. */
  moved = false;
  /** Whether a command substitution has run since this was last cleared. */
  substituted = false;
  /** Loops around the command that is being followed, and how many more of them `break 2` ends. */
  loops = 0;
  loopsToLeave = 0;
  /** Whether `@(a|b)` and its like are patterns for certain: `shopt -s extglob`. */
  groups = false;
  /** Whether commands that fail, or names that are unset, may end a shell: `set -e`, `set -u`. */
  strict = false;
  /** Why names that are no functions may be functions. */
  functionsUnsettled: string | undefined;
  readonly #frames: Frame[];

  constructor(world: ShellWorld, file: string) {
    this.world = world;
    this.place = { file, pos: 0, end: 0 };
    this.#frames = [{ file, function: undefined, positional: { values: [] } }];
  }

  get arithmetic(): ArithmeticWorld {
    return {
      read: (name) => firstOf(this.lookup(name)?.value) ?? '',
      write: (name, value) => this.assignText(name, value),
      confuse: (reason) => this.giveUp(reason),
      quoted: (text) => {
        const word = rightSide(`"${text}"`);
        return word === undefined ? new Unknown('arithmetic that does not parse') : this.text(word);
      },
    };
  }

  get positional(): readonly string[] | Unknown {
    return this.#frame.positional.values;
  }

  set positional(values: readonly string[] | Unknown) {
    this.#frame.positional.values = values;
  }

  /** The file whose text is being followed. */
  get file(): string {
    return this.#frame.file;
  }

  get inFunction(): boolean {
    return this.#frame.function !== undefined;
  }

  get #frame(): Frame {
    return this.#frames.at(-1) ?? { file: '', function: undefined, positional: { values: [] } };
  }

  lookup(name: string): Variable | undefined {
    if (name === 'BASH_SOURCE') return list(this.#frames.map(({ file }) => file).reverse());
    if (name === 'FUNCNAME' && this.inFunction) {
      return list(this.#frames.map((frame) => frame.function ?? 'source').reverse());
    }
    if (isDynamic(name)) return this.world.environment(name);
    return this.variables.get(name) ?? this.world.environment(name);
  }

  special(name: string): Text {
    if (name !== '?') return new Unknown(`$${name}`);
    const { lineDoubt } = this.variables;
    return lineDoubt === undefined ? this.status : new Unknown(lineDoubt);
  }

  text(word: Word): Text {
    return textOfWord(word, this);
  }

  pattern(word: Word): Text {
    return patternOf(word, this);
  }

  isReference(name: string): boolean {
    return this.variables.isReference(name);
  }

  spend(characters: number): Unknown | undefined {
    return this.world.budget.spend(characters);
  }

  substitute(script: ParsedScript | undefined): Text {
    if (script === undefined) return new Unknown('a command that does not parse');
    const child = this.subshell();
    const refused = this.spend((this.variables.size + this.functions.size) * COPY_COST);
    if (refused !== undefined) return refused;
    child.output = '';
    child.run(script.commands);
    if (child.input !== this.input) this.input = new Unknown('what a command leaves of the input');
    this.status = this.endOf(child);
    this.substituted = true;
    if (child.strict && isUnknown(this.status)) return this.status;
    return isUnknown(child.output) ? child.output : child.output.replaceAll('\0', '').replace(/\n+$/, '');
  }

  /** A copy that changes nothing here. */
  subshell(): ShellState {
    const child = new ShellState(this.world, '');
    child.variables = this.variables.clone();
    for (const [name, defined] of this.functions) child.functions.set(name, defined);
    child.#frames.splice(0, 1, ...this.#frames.map((frame) => ({ ...frame, positional: { ...frame.positional } })));
    child.output = this.output;
    child.input = this.input;
    child.status = this.status;
    child.place = this.place;
    child.moved = this.moved;
    child.loops = this.loops;
    child.groups = this.groups;
    child.strict = this.strict;
    child.functionsUnsettled = this.functionsUnsettled;
    return child;
  }

  /** What a child of this shell ends with. */
  endOf({ status, variables, strict }: ShellState): Text {
    if (strict) return new Unknown('where a shell ends that any failure ends');
    const { lineDoubt } = variables;
    return lineDoubt === this.variables.lineDoubt || lineDoubt === undefined ? status : new Unknown(lineDoubt);
  }

  /** Follows statements in order. @returns why they stopped before the end. */
  run(statements: readonly Statement[]): Stop | undefined {
    return this.world.follow.statements(this, statements);
  }

  command(node: CommandNode | CompoundList): Stop | undefined {
    return this.world.follow.command(this, node);
  }

  /** Follows a file's text in this shell. @param args - Undefined: those of whoever reads it. */
  runFile({ file, path, text, script }: LoadedFile, args: readonly string[] | Unknown | undefined): Stop | undefined {
    const positional = args === undefined ? this.#frame.positional : { values: args };
    if (this.#frames.filter((frame) => frame.path === path).length >= MAX_SAME_FILE) {
      this.world.reportLoop(this.place);
      this.status = '1';
      return undefined;
    }
    const stop = this.#within({ file, path, function: undefined, positional }, () => runText(this, text, script));
    return stop === 'return' ? undefined : stop;
  }

  /** Calls a function of the plan. */
  call(name: string, { node, file, doubt }: DefinedFunction, args: readonly string[] | Unknown): Stop | undefined {
    if (doubt !== undefined) return this.giveUp(doubt);
    const { loops } = this;
    const stop = this.#within({ file, function: name, positional: { values: args } }, () => {
      this.variables.enter();
      this.loops = 0;
      const inner = this.command(node.body);
      this.loops = loops;
      this.variables.leave();
      return inner;
    });
    return stop === 'exit' ? stop : undefined;
  }

  #within(frame: Frame, follow: () => Stop | undefined): Stop | undefined {
    if (this.#frames.length >= MAX_DEPTH) {
      const what = frame.function === undefined ? 'files that read each other' : 'functions that call each other';
      return this.abandon(`${what} without end`);
    }
    this.#frames.push(frame);
    const stop = follow();
    this.#frames.pop();
    return stop;
  }

  /** Bash may report an error here: what the rest of the line assigns is not known. */
  mayFail(unknown: Unknown): Unknown {
    this.variables.lineDoubt ??= unknown.reason;
    this.write(unknown);
    return unknown;
  }

  /** Bash reports an error here. Which of the rest of the line it leaves out is another matter. */
  fail(reason: string): Unknown {
    return this.mayFail(new Unknown(reason));
  }

  /** Nothing can be said of the variables any more, and nothing after this place. */
  abandon(reason: string): 'exit' {
    this.giveUp(reason);
    return 'exit';
  }

  /** Nothing can be said of the variables as they are now, nor of what assigning to them means: some may be lists. */
  giveUp(reason: string): undefined {
    this.variables.forget(reason, this.place);
    this.variables.doubtFromHere(reason);
    this.write(new Unknown(reason));
    this.status = new Unknown(reason);
  }

  /** @param text - What a command writes. */
  write(text: Text): void {
    if (this.output === undefined || isUnknown(this.output)) return;
    this.output = isUnknown(text) ? text : (this.spend(text.length) ?? this.output + text);
  }

  /** Sets a variable as commands do that are no assignments. */
  assignText(name: string, text: Text): void {
    const before = this.variables.get(name);
    if (before?.readonly === true) {
      this.mayFail(new Unknown(`${name}, which cannot be changed`));
      return;
    }
    // What is computed may assign to others, or fail.
    if (before?.integer === true && !(typeof text === 'string' && isPlainNumber(text)))
      this.mayFail(new Unknown('a number that is computed'));
    this.variables.set(name, withText(before, text, this.place));
  }

  /** Makes a variable a list that is not known. */
  assignList(name: string, unknown: Unknown): void {
    const before = this.variables.get(name);
    if (before?.readonly === true) return;
    const { kind = 'scalar' } = before ?? {};
    const associative = kind === 'associative';
    this.variables.set(name, {
      value: { type: 'array-unknown', associative, unknown },
      kind: associative ? 'associative' : 'indexed',
      readonly: false,
      integer: before?.integer ?? false,
      letters: before?.letters,
      assigned: this.place,
    });
  }

  /** @param scope - `local` to the function that runs, `global`, or the innermost variable of that name. */
  assign(assignment: Assignment, attributes: Attributes, scope: 'innermost' | 'local' | 'global'): void {
    const isLocal = scope === 'local' && this.inFunction;
    const before = isLocal ? this.variables.getLocal(assignment.name) : this.variables.get(assignment.name);
    if (before?.readonly === true) {
      // What it would hold may assign all the same.
      if (assignment.value.type === 'Word') this.text(assignment.value);
      else this.giveUp(`${assignment.name}, which cannot be changed`);
      this.fail(`${assignment.name}, which cannot be changed`);
      return;
    }
    const assigned = { file: this.file, pos: assignment.pos, end: assignment.end };
    const inherited = before ?? (isLocal ? undefined : this.world.environment(assignment.name));
    const variable = assignedVariable(assignment, inherited, attributes, assigned, this);
    const { append = false, index, value } = assignment;
    const now = isLocal ? this.variables.getLocal(assignment.name) : this.variables.get(assignment.name);
    if ((append || index !== undefined || value.type === 'ArrayValue') && now !== before && !isUnsettled(now)) {
      const unknown = new Unknown('a variable that its own value changes');
      if (value.type === 'ArrayValue' || index !== undefined) this.assignList(assignment.name, unknown);
      else this.assignText(assignment.name, unknown);
      return;
    }
    if (scope === 'local') this.variables.setLocal(assignment.name, variable);
    else if (scope === 'global') this.variables.setGlobal(assignment.name, variable);
    else this.variables.set(assignment.name, variable);
  }

  /** Takes over functions that a branch defined, or took away: they are doubtful then. */
  adoptFunctions(branch: ShellState, reason: string): void {
    for (const name of new Set([...this.functions.keys(), ...branch.functions.keys()])) {
      const [mine, theirs] = [this.functions.get(name), branch.functions.get(name)];
      if (mine?.node === theirs?.node) continue;
      const defined = mine ?? theirs;
      if (defined !== undefined) this.functions.set(name, { ...defined, doubt: reason });
    }
    this.functionsUnsettled ??= branch.functionsUnsettled;
    this.groups &&= branch.groups;
    this.strict ||= branch.strict;
  }
}

/** One that is made anew whenever it is asked for: nothing is known of it. */
const isUnsettled = (variable: Variable | undefined): boolean =>
  variable?.value?.type === 'scalar' && isUnknown(variable.value.text);

const list = (texts: readonly string[]): Variable => ({
  value: { type: 'indexed', elements: new Map(texts.map((text, i) => [i, text])) },
  kind: 'indexed',
  readonly: false,
  integer: false,
  assigned: undefined,
});
