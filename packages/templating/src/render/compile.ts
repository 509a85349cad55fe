import type { DialectRules } from '../dialect.ts';
import { HELPERS } from '../helpers/registry.ts';
import type { PathToken, TagSegment } from '../template/segments.ts';
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
import type { ConfigValue } from '../values.ts';
import type { CompiledTemplate, Run } from './compiled.ts';
import { type CompiledExpression, compileLiteral, compilePath } from './expressions.ts';
import { RenderFault } from './fault.ts';
import type { Helper, HelperCall } from './helper.ts';
import { compilePartial, compilePartialBlock } from './partials.ts';
import type { RenderState } from './state.ts';
import { printedText } from './text.ts';

/** Turns a tree into closures: what can be known from the text alone is computed here, once. */
export class TemplateCompiler {
  readonly rules: DialectRules;

  constructor(rules: DialectRules) {
    this.rules = rules;
  }

  template(program: Program, name: string, source: string): CompiledTemplate {
    const statements = program.body.map((statement) => this.#statement(statement));
    const run: Run = (state) => {
      state.name = name;
      for (const statement of statements) statement(state);
    };
    return { name, source, run };
  }

  /** The content of a block. */
  program(program: Program): Run {
    const statements = program.body.map((statement) => this.#statement(statement));
    return (state) => {
      state.enterProgram();
      for (const statement of statements) statement(state);
      state.depth--;
    };
  }

  expression(expression: Expression): CompiledExpression {
    if (expression.type === 'PathExpression') return compilePath(expression.path, this.rules);
    if (expression.type === 'StringLiteral') return compileLiteral(expression.value);
    return this.#subexpression(expression);
  }

  call(node: Call, program?: Run, inverse?: Run, parameters: readonly string[] = []): HelperCall {
    return {
      name: node.path.path.raw,
      arguments: node.params.map((param) => this.expression(param)),
      pairs: lastOfEach(node.hash?.pairs.map(({ key, value }) => [key, this.expression(value)] as const) ?? []),
      program,
      inverse,
      parameters,
    };
  }

  #statement(statement: Statement): Run {
    switch (statement.type) {
      case 'ContentStatement':
        return content(statement.value);
      case 'MustacheStatement':
        return this.#mustache(statement);
      case 'BlockStatement':
        return this.#block(statement);
      case 'DecoratorBlock':
        return this.#decorator(statement);
      case 'PartialStatement':
        return compilePartial(this, statement);
      case 'PartialBlockStatement':
        return compilePartialBlock(this, statement);
    }
  }

  #mustache(statement: MustacheStatement): Run {
    const { path } = statement.path;
    const { start } = statement.loc;
    if (statement.tag.kind === 'decorator') return unknownDecorator(path.raw, start);
    if (path.raw === '') return this.#parenthesized(statement);
    const bare = statement.params.length === 0 && statement.hash === undefined;
    const helper = HELPERS.get(path.raw);
    if (helper !== undefined) return callHelper(helper, this.call(statement), start, undefined);
    return bare ? this.#value(path, start) : unknownHelper(path.raw, start, false);
  }

  #value(path: PathToken, start: number): Run {
    const expression = compilePath(path, this.rules);
    const { rules } = this;
    return (state) => {
      state.step(start);
      const value = expression.evaluate(state, 'value');
      state.print(typeof value === 'string' ? value : printedText(value, rules));
    };
  }

  /** `{{(helper x)}}`: the value is printed, unless its text names a helper, which is then called without arguments. */
  #parenthesized(statement: MustacheStatement): Run {
    const { start } = statement.loc;
    const expression = this.expression(statement.params[0] as Expression);
    const bareCall: Omit<HelperCall, 'name'> = {
      arguments: [],
      pairs: [],
      program: undefined,
      inverse: undefined,
      parameters: [],
    };
    return (state) => {
      state.step(start);
      const text = printedText(expression.evaluate(state, 'value'), this.rules);
      const helper = HELPERS.get(text);
      if (helper === undefined) state.print(text);
      else helper.run(state, { ...bareCall, name: text });
    };
  }

  #block(statement: BlockStatement): Run {
    const { raw } = statement.path.path;
    const helper = HELPERS.get(raw);
    if (helper === undefined) return unknownHelper(raw, statement.loc.start, true);
    const inverse = statement.inverse === undefined ? undefined : this.program(statement.inverse);
    const call = this.call(statement, this.program(statement.program), inverse, statement.blockParams);
    return callHelper(helper, call, statement.loc.start, statement.tag);
  }

  /** `{{#*inline "name"}}`: the partial exists from here on, for the block in which it stands. */
  #decorator(statement: DecoratorBlock): Run {
    const { raw } = statement.path.path;
    const { start } = statement.loc;
    if (raw !== 'inline') return unknownDecorator(raw, start);
    const [name] = statement.params.map((param) => this.expression(param));
    const program = this.program(statement.program);
    return (state) => {
      state.step(start);
      const value = name?.evaluate(state, 'value');
      if (typeof value !== 'string') throw new RenderFault('inline: a partial needs a name: {{#*inline "name"}}');
      state.frame.partials ??= new Map();
      state.frame.partials.set(value, program);
    };
  }

  #subexpression(node: SubExpression): CompiledExpression {
    const { raw } = node.path.path;
    const helper = HELPERS.get(raw);
    const call = this.call(node);
    const evaluate = (state: RenderState): ConfigValue => {
      if (helper === undefined) throw helperFault(raw, false);
      return helper.evaluate === undefined
        ? state.capture(() => helper.run(state, call))
        : helper.evaluate(state, call);
    };
    return { evaluate, locate: () => undefined };
  }
}

function content(text: string): Run {
  return (state) => state.print(text);
}

/** Of a key given twice the last counts. */
function lastOfEach<T>(pairs: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...new Map(pairs)];
}

function callHelper(helper: Helper, call: HelperCall, start: number, block: TagSegment | undefined): Run {
  const indented = block?.standalone === true && !block.stripLeft;
  return (state) => {
    state.step(start);
    if (state.indent === undefined) helper.run(state, call);
    else callIndented(state, helper, call, indented);
  };
}

/** Inside an indented partial: the first line that a block writes is indented as if the block's tag stood there. */
function callIndented(state: RenderState, helper: Helper, call: HelperCall, indented: boolean): void {
  const { indentPending, produced } = state;
  state.produced = false;
  state.indentPending = indentPending || (indented && state.afterLineBreak);
  helper.run(state, call);
  // A helper may have left the partial's text meanwhile, so what was written decides.
  if (state.produced) state.indentPending = state.afterLineBreak;
  else {
    state.produced = produced;
    state.indentPending = indentPending;
  }
}

function unknownHelper(name: string, start: number, block: boolean): Run {
  return (state) => {
    state.step(start);
    throw helperFault(name, block);
  };
}

function helperFault(name: string, block: boolean): RenderFault {
  const hint = block
    ? 'A block needs a helper: if, with, each, eachAlive, …'
    : 'Only helpers take arguments; a path stands alone in its tag.';
  return new RenderFault(`there is no helper "${name}"`, { helper: name, hint });
}

function unknownDecorator(name: string, start: number): Run {
  return (state) => {
    state.step(start);
    throw new RenderFault(`there is no decorator "${name}" of this form`, {
      hint: 'Only {{#*inline "name"}}…{{/inline}} exists.',
    });
  };
}
