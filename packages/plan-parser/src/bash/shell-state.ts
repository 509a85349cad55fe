import type {
  Assignment,
  CommandNode,
  CompoundList,
  Function as FunctionNode,
  ParsedScript,
  Statement,
  Word,
} from 'unbash';

import type { ArithmeticWorld } from './arithmetic.ts';
import { type Attributes, assignedVariable } from './assign.ts';
import type { Budget } from './budget.ts';
import { patternOf, textOfParts, textOfWord } from './expand.ts';
import { firstOf } from './parameter.ts';
import type { Shell } from './shell.ts';
import { isUnknown, scalar, type Text, Unknown } from './value.ts';
import { type Variable, Variables } from './variables.ts';

/** A function as the plan defined it. */
export interface DefinedFunction {
  readonly node: FunctionNode;
  readonly file: string;
}

/** Why commands stop before their end: all of them, those of a function or file, those of a loop. */
export type Stop = 'exit' | 'return' | 'break' | 'continue';

/** What a shell is made of that it does not change. */
export interface ShellWorld {
  readonly budget: Budget;
  /** Variables that the plan has not set. */
  readonly environment: (name: string) => Variable | undefined;
  /** The file that a path in the plan names. */
  readonly load: (path: string) => { readonly file: string; readonly script: ParsedScript } | 'absent' | Unknown;
  /** Follows commands; see `follow.ts`. */
  readonly follow: {
    readonly statements: (shell: ShellState, statements: readonly Statement[]) => Stop | undefined;
    readonly command: (shell: ShellState, node: CommandNode | CompoundList) => Stop | undefined;
  };
}

interface Frame {
  readonly file: string;
  readonly function: string | undefined;
  readonly positional: readonly string[] | Unknown;
}

const MAX_DEPTH = 40;
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
  readonly #frames: Frame[];

  constructor(world: ShellWorld, file: string) {
    this.world = world;
    this.place = { file, pos: 0, end: 0 };
    this.#frames = [{ file, function: undefined, positional: [] }];
  }

  get arithmetic(): ArithmeticWorld {
    return {
      read: (name) => firstOf(this.lookup(name)?.value) ?? '',
      write: (name, value) => this.assignText(name, value),
      expand: (parts) => textOfParts(parts, this),
    };
  }

  get positional(): readonly string[] | Unknown {
    return this.#frame.positional;
  }

  /** The file whose text is being followed. */
  get file(): string {
    return this.#frame.file;
  }

  get inFunction(): boolean {
    return this.#frame.function !== undefined;
  }

  get #frame(): Frame {
    return this.#frames.at(-1) ?? { file: '', function: undefined, positional: [] };
  }

  lookup(name: string): Variable | undefined {
    if (name === 'BASH_SOURCE') return list(this.#frames.map(({ file }) => file).reverse());
    if (name === 'FUNCNAME' && this.inFunction) {
      return list(this.#frames.map((frame) => frame.function ?? 'source').reverse());
    }
    return this.variables.get(name) ?? this.world.environment(name);
  }

  special(name: string): Text {
    return name === '?' ? this.status : new Unknown(`$${name}`);
  }

  text(word: Word): Text {
    return textOfWord(word, this);
  }

  pattern(word: Word): Text {
    return patternOf(word, this);
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
    this.status = child.status;
    this.substituted = true;
    return isUnknown(child.output) ? child.output : child.output.replaceAll('\0', '').replace(/\n+$/, '');
  }

  /** A copy that changes nothing here. */
  subshell(): ShellState {
    const child = new ShellState(this.world, '');
    child.variables = this.variables.clone();
    for (const [name, defined] of this.functions) child.functions.set(name, defined);
    child.#frames.splice(0, 1, ...this.#frames);
    child.output = this.output;
    child.input = this.input;
    child.status = this.status;
    child.place = this.place;
    child.moved = this.moved;
    return child;
  }

  /** Follows statements in order. @returns why they stopped before the end. */
  run(statements: readonly Statement[]): Stop | undefined {
    return this.world.follow.statements(this, statements);
  }

  command(node: CommandNode | CompoundList): Stop | undefined {
    return this.world.follow.command(this, node);
  }

  /** Follows a file's text in this shell. @param args - Undefined: those of whoever reads it. */
  runFile(file: string, script: ParsedScript, args: readonly string[] | Unknown | undefined): Stop | undefined {
    const stop = this.#within({ file, function: undefined, positional: args ?? this.positional }, () =>
      this.run(script.commands),
    );
    return stop === 'return' ? undefined : stop;
  }

  /** Calls a function of the plan. */
  call(name: string, { node, file }: DefinedFunction, args: readonly string[] | Unknown): Stop | undefined {
    const stop = this.#within({ file, function: name, positional: args }, () => {
      this.variables.enter();
      const inner = this.command(node.body);
      this.variables.leave();
      return inner;
    });
    return stop === 'exit' ? 'exit' : undefined;
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

  /** Nothing can be said of the variables any more, and nothing after this place. */
  abandon(reason: string): 'exit' {
    this.variables.forget(reason, this.place);
    return 'exit';
  }

  /** Nothing can be said of the variables as they are now. */
  giveUp(reason: string): undefined {
    this.variables.forget(reason, this.place);
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
    if (before?.readonly === true) return;
    const integer = before?.integer ?? false;
    this.variables.set(name, { value: scalar(text), kind: 'scalar', readonly: false, integer, assigned: this.place });
  }

  /** @param scope - `local` to the function that runs, `global`, or the innermost variable of that name. */
  assign(assignment: Assignment, attributes: Attributes, scope: 'innermost' | 'local' | 'global'): void {
    const before = this.variables.get(assignment.name);
    if (before?.readonly === true) return;
    const assigned = { file: this.file, pos: assignment.pos, end: assignment.end };
    const inherited =
      scope === 'local' && this.inFunction ? undefined : (before ?? this.world.environment(assignment.name));
    const variable = assignedVariable(assignment, inherited, attributes, assigned, this);
    if (scope === 'local') this.variables.setLocal(assignment.name, variable);
    else if (scope === 'global') this.variables.setGlobal(assignment.name, variable);
    else this.variables.set(assignment.name, variable);
  }

  /** Takes over functions that a branch defined. */
  adoptFunctions(branch: ShellState): void {
    for (const [name, defined] of branch.functions) if (!this.functions.has(name)) this.functions.set(name, defined);
  }
}

const list = (texts: readonly string[]): Variable => ({
  value: { type: 'indexed', elements: new Map(texts.map((text, i) => [i, text])) },
  kind: 'indexed',
  readonly: false,
  integer: false,
  assigned: undefined,
});
