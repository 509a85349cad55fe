import type { PartialBlockStatement, PartialStatement } from '../template/tree.ts';
import { type ConfigTable, type ConfigValue, isConfigArray, isConfigTable } from '../values.ts';
import type { TemplateCompiler } from './compile.ts';
import type { CompiledTemplate, Run } from './compiled.ts';
import type { CompiledExpression } from './expressions.ts';
import { RenderFault } from './fault.ts';
import { type BlockParameters, Frame, type RenderState } from './state.ts';
import { printedText } from './text.ts';

const PARTIAL_BLOCK = '@partial-block';

/** A partial's tag, compiled. */
interface Inclusion {
  readonly name: (state: RenderState) => string;
  readonly context: CompiledExpression | undefined;
  /** Arguments past the first, which only have to be computable. */
  readonly others: readonly CompiledExpression[];
  readonly pairs: readonly (readonly [string, CompiledExpression])[];
  /** Content of the block form. */
  readonly block: Run | undefined;
  /** Blanks before the tag. */
  readonly indent: string | undefined;
  /** The tag had its line for itself: the first line of the partial takes the blanks too. */
  readonly ownLine: boolean;
  readonly start: number;
}

/** `{{> name context key=value}}` */
export function compilePartial(compiler: TemplateCompiler, statement: PartialStatement): Run {
  return inclusion(compiler, statement, undefined);
}

/** `{{#> name}}…{{/name}}` */
export function compilePartialBlock(compiler: TemplateCompiler, statement: PartialBlockStatement): Run {
  return inclusion(compiler, statement, compiler.program(statement.program));
}

function inclusion(
  compiler: TemplateCompiler,
  statement: PartialStatement | PartialBlockStatement,
  block: Run | undefined,
): Run {
  const [context, ...others] = statement.params.map((param) => compiler.expression(param));
  const tag = statement.strip;
  const compiled: Inclusion = {
    name: nameOf(compiler, statement),
    context,
    others,
    pairs: statement.hash?.pairs.map(({ key, value }) => [key, compiler.expression(value)] as const) ?? [],
    block,
    indent: tag.indent,
    ownLine: tag.standalone && !tag.stripLeft,
    start: statement.loc.start,
  };
  return (state) => include(state, compiled);
}

function nameOf(compiler: TemplateCompiler, { name }: PartialStatement | PartialBlockStatement): Inclusion['name'] {
  if (name.type === 'PathExpression') return () => name.path.raw;
  const expression = compiler.expression(name);
  return (state) => printedText(expression.evaluate(state, 'value'), compiler.rules);
}

function include(state: RenderState, partial: Inclusion): void {
  state.step(partial.start);
  const name = partial.name(state);
  for (const argument of partial.others) argument.evaluate(state, 'value');
  const pairs = partial.pairs.map(([key, value]) => [key, value.evaluate(state, 'value')] as const);
  const { indentPending, produced } = state;
  const indent = joinIndents(state.indent, partial.indent);
  state.indentPending = partial.ownLine && (state.afterLineBreak || indent !== undefined);
  state.produced = false;
  expand(state, partial, name, pairs, indent);
  if (state.produced) state.indentPending = state.afterLineBreak;
  else {
    state.produced = produced;
    state.indentPending = indentPending;
  }
}

const joinIndents = (outer: string | undefined, own: string | undefined): string | undefined =>
  outer === undefined && own === undefined ? undefined : (outer ?? '') + (own ?? '');

function expand(
  state: RenderState,
  partial: Inclusion,
  name: string,
  pairs: readonly (readonly [string, ConfigValue | undefined])[],
  indent: string | undefined,
): void {
  if (state.name === name) {
    throw new RenderFault(`the partial "${name}" includes itself`, {
      hint: 'It may only inside a block that ends, such as {{#each children}}.',
    });
  }
  if (name === PARTIAL_BLOCK) {
    partialBlock(state, partial);
    return;
  }
  const found = findPartial(state, name);
  if (found === undefined && partial.block === undefined) throw unknownPartial(name);
  const { current, name: templateName, at, indent: outerIndent, frame } = state;
  const inner = partialFrame(state, partial, pairs);
  state.enterPartial();
  state.frame = inner;
  const hasContent = found !== undefined && partial.block !== undefined;
  const { block } = partial;
  // The content runs inside the partial's level, so that partials defined in it are known there.
  state.partialBlocks.push(hasContent ? state.capture(() => block?.(state)) : undefined);
  state.indent = indent;
  if (typeof found === 'object') {
    state.current = found;
    found.run(state);
  } else (found ?? block)?.(state);
  state.partialBlocks.pop();
  state.partialDepth--;
  state.frame = frame;
  state.current = current;
  state.name = templateName;
  state.at = at;
  state.indent = outerIndent;
}

function partialBlock(state: RenderState, partial: Inclusion): void {
  const content = state.partialBlocks.at(-1);
  if (content !== undefined) state.write(content);
  else if (partial.block !== undefined) {
    const { name } = state;
    partial.block(state);
    state.name = name;
  } else {
    throw new RenderFault('this partial was included without a block that could be printed', {
      hint: 'Include it as {{#> name}}content{{/name}}.',
    });
  }
}

function findPartial(state: RenderState, name: string): Run | CompiledTemplate | undefined {
  for (let frame: Frame | undefined = state.frame; frame !== undefined; frame = frame.parent) {
    const inline = frame.partials?.get(name);
    if (inline !== undefined) return inline;
  }
  return state.scope.template(name);
}

function unknownPartial(name: string): RenderFault {
  return new RenderFault(`there is no partial "${name}"`, {
    hint: 'Name a template of the same directory by its path, or an {{#*inline}} above.',
  });
}

/** The level on which a partial runs: its context with the pairs laid over it, the pairs as names, the loop around. */
function partialFrame(
  state: RenderState,
  { context }: Inclusion,
  pairs: readonly (readonly [string, ConfigValue | undefined])[],
): Frame {
  const outer = state.frame;
  const value = context === undefined ? outer.value : context.evaluate(state, 'shape');
  if (pairs.length === 0) {
    const path = state.reads === undefined ? undefined : context === undefined ? outer.path : context.locate(state);
    return new Frame(value, outer, path).inheritLoop(outer);
  }
  state.spendOn(value);
  if (state.reads !== undefined) {
    const path = context === undefined ? outer.path : context.locate(state);
    if (path !== undefined) state.reads.record(path, 'value');
  }
  const parameters: BlockParameters = {
    names: pairs.map(([key]) => key),
    values: pairs.map(([, pair]) => pair),
    path: undefined,
  };
  return new Frame(overlay(value, pairs), outer, undefined, parameters).inheritLoop(outer);
}

/** Lists and texts become tables of their items, as in Habitat 2.1; anything else that is no table is dropped. */
function overlay(
  base: ConfigValue | undefined,
  pairs: readonly (readonly [string, ConfigValue | undefined])[],
): ConfigTable {
  const items = typeof base === 'string' ? [...base] : isConfigArray(base) ? base : [];
  const table = isConfigTable(base)
    ? new Map(base)
    : new Map<string, ConfigValue>(items.map((item, index) => [String(index), item]));
  for (const [key, value] of pairs) table.set(key, value ?? null);
  return table;
}
