import { LEGACY_HELPER_NAMES } from '../helpers/registry.ts';
import { TEXT_FUNCTIONS } from '../helpers/texts.ts';
import { lookUp } from '../helpers/values.ts';
import type { CompiledTemplate } from '../render/compiled.ts';
import { missingArgument, RenderFault } from '../render/fault.ts';
import type { ReadRecorder } from '../render/reads.ts';
import { type RenderScope, RenderState } from '../render/state.ts';
import { helperView, printedText } from '../render/text.ts';
import type { PathToken } from '../template/segments.ts';
import type {
  BlockStatement,
  Call,
  DecoratorBlock,
  Expression,
  MustacheStatement,
  Program,
  Statement,
  SubExpression,
} from '../template/tree.ts';
import type { ConfigTable, ConfigValue } from '../values.ts';
import { LEGACY_BLOCKS } from './blocks.ts';
import { includeLegacyPartial } from './partials.ts';
import { navigate } from './paths.ts';
import { LegacyScope } from './scope.ts';

export type LegacyRun = (state: LegacyState) => void;

/** An evaluated argument: its value, and the text of the path that it came from. */
export interface LegacyArgument {
  readonly value: ConfigValue;
  readonly path: string | undefined;
}

/** A helper with what the template gives it. */
export interface LegacyCall {
  readonly name: string;
  readonly arguments: readonly ((state: LegacyState) => LegacyArgument)[];
  readonly pairs: readonly (readonly [string, (state: LegacyState) => LegacyArgument])[];
  readonly program: LegacyRun | undefined;
  readonly inverse: LegacyRun | undefined;
  readonly parameters: readonly string[];
}

/** A rendering by the rules of Habitat 1.6 and 0.64. */
export class LegacyState extends RenderState {
  scopeNow: LegacyScope;

  constructor(scope: RenderScope, template: CompiledTemplate, root: ConfigTable, reads: ReadRecorder | undefined) {
    super(scope, template, root, reads);
    this.scopeNow = new LegacyScope(root);
  }

  /** Runs with a changed copy of the scope, then goes back. */
  within(scope: LegacyScope, run: LegacyRun): void {
    const outer = this.scopeNow;
    this.scopeNow = scope;
    run(this);
    this.scopeNow = outer;
  }
}

/** Compiles a tree of the dialect `legacy`. */
export function compileLegacy(program: Program, name: string, source: string): CompiledTemplate {
  const statements = program.body.map(compileStatement);
  return {
    name,
    source,
    run(state) {
      state.name = name;
      // The renderer makes the state that belongs to its dialect.
      for (const statement of statements) statement(state as LegacyState);
    },
  };
}

export function compileLegacyProgram(program: Program): LegacyRun {
  const statements = program.body.map(compileStatement);
  return (state) => {
    state.enterProgram();
    for (const statement of statements) statement(state);
    state.depth--;
  };
}

function compileStatement(statement: Statement): LegacyRun {
  switch (statement.type) {
    case 'ContentStatement':
      return (state) => state.write(statement.value);
    case 'MustacheStatement':
      return compileMustache(statement);
    case 'BlockStatement':
      return compileBlock(statement);
    case 'DecoratorBlock':
      return compileDecorator(statement);
    case 'PartialStatement':
      return includeLegacyPartial(statement, undefined, compileArgument);
    case 'PartialBlockStatement': {
      const decorators = statement.program.body
        .filter((inner) => inner.type === 'DecoratorBlock')
        .map(compileDecorator);
      const block = { run: compileLegacyProgram(statement.program), decorators };
      return includeLegacyPartial(statement, block, compileArgument);
    }
  }
}

function compileMustache(statement: MustacheStatement): LegacyRun {
  const { path } = statement.path;
  const { start } = statement.loc;
  if (statement.tag.kind === 'decorator') return fail(start, `there is no decorator "${path.raw}" of this form`);
  const [first] = statement.params;
  const bare = path.raw !== '' && first === undefined && statement.hash === undefined;
  const value = bare ? compilePath(path) : path.raw === '' && first !== undefined ? compileArgument(first) : undefined;
  if (value === undefined) return compileCall(statement, start);
  return (state) => {
    state.step(start);
    state.write(printedText(value(state).value, state.scope.rules));
  };
}

function compileBlock(statement: BlockStatement): LegacyRun {
  const inverse = statement.inverse === undefined ? undefined : compileLegacyProgram(statement.inverse);
  const program = compileLegacyProgram(statement.program);
  return compileCall(statement, statement.loc.start, program, inverse, statement.blockParams);
}

function compileDecorator(statement: DecoratorBlock): LegacyRun {
  const { raw } = statement.path.path;
  const { start } = statement.loc;
  if (raw !== 'inline') return fail(start, `there is no decorator "${raw}"`);
  const [name] = statement.params.map(compileArgument);
  const program = compileLegacyProgram(statement.program);
  return (state) => {
    state.step(start);
    const value = name?.(state).value;
    if (typeof value !== 'string') throw new RenderFault('inline: a partial needs a name: {{#*inline "name"}}');
    state.scopeNow.partials = new Map(state.scopeNow.partials).set(value, program);
  };
}

function compileCall(
  node: Call,
  start: number,
  program?: LegacyRun,
  inverse?: LegacyRun,
  parameters: readonly string[] = [],
): LegacyRun {
  const call: LegacyCall = {
    name: node.path.path.raw,
    arguments: node.params.map(compileArgument),
    pairs: node.hash?.pairs.map(({ key, value }) => [key, compileArgument(value)] as const) ?? [],
    program,
    inverse,
    parameters,
  };
  if (!LEGACY_HELPER_NAMES.has(call.name)) return fail(start, `there is no helper "${call.name}" in this dialect`);
  return (state) => {
    state.step(start);
    runHelper(state, call);
  };
}

function runHelper(state: LegacyState, call: LegacyCall): void {
  const values = call.arguments.map((argument) => argument(state));
  for (const [, pair] of call.pairs) pair(state);
  const block = LEGACY_BLOCKS[call.name];
  if (block !== undefined) {
    block(state, call, values);
    return;
  }
  const given = values.map(({ value }) => value);
  for (const value of given) state.spendOn(value);
  const write = TEXT_FUNCTIONS[call.name];
  if (call.name === 'lookup') state.write(lookedUpText(state, values));
  else if (write !== undefined) state.write(write(given, state, call.name));
}

function lookedUpText(state: LegacyState, values: readonly LegacyArgument[]): string {
  const { rules } = state.scope;
  if (values.length < 2) throw missingArgument('lookup', values.length);
  const [collection, key] = values.map(({ value }) => helperView(value, rules));
  return printedText(lookUp(collection, key), rules);
}

function compileArgument(expression: Expression): (state: LegacyState) => LegacyArgument {
  if (expression.type === 'StringLiteral') {
    const literal: LegacyArgument = { value: expression.value, path: undefined };
    return () => literal;
  }
  if (expression.type === 'PathExpression') return compilePath(expression.path);
  return compileSubexpression(expression);
}

/** What a helper writes is the argument, as text. */
function compileSubexpression(node: SubExpression): (state: LegacyState) => LegacyArgument {
  if (node.params.length === 0 && node.hash === undefined) {
    // A name alone is a variable, also where a helper is called like it.
    const value = compilePath(node.path.path);
    return (state) => ({ value: printedText(value(state).value, state.scope.rules), path: undefined });
  }
  const run = compileCall(node, node.loc.start);
  return (state) => ({ value: state.capture(() => run(state)), path: undefined });
}

/** A name: a variable of a loop, else a block parameter that is not null, else a path. */
function compilePath({ raw }: PathToken): (state: LegacyState) => LegacyArgument {
  return (state) => {
    const scope = state.scopeNow;
    const local = scope.locals.get(raw);
    if (local !== undefined) return { value: local, path: raw };
    for (const parameters of scope.parameters) {
      const { value } = navigate(parameters, { path: '.', roots: scope.roots }, raw);
      if (value !== null) return { value, path: raw };
    }
    const found = navigate(scope.data, scope, raw);
    // A partial with pairs has data of its own; its values were noted when it was made.
    if (scope.data === state.root) state.reads?.record(found.path, 'value');
    return { value: found.value, path: raw };
  };
}

function fail(start: number, message: string): LegacyRun {
  return (state) => {
    state.step(start);
    throw new RenderFault(message);
  };
}
