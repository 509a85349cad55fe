import { RenderFault } from '../render/fault.ts';
import { printedText } from '../render/text.ts';
import type { Expression, PartialBlockStatement, PartialStatement } from '../template/tree.ts';
import { type ConfigValue, isConfigTable } from '../values.ts';
import type { LegacyArgument, LegacyRun, LegacyState } from './engine.ts';
import { navigate } from './paths.ts';
import type { LegacyScope } from './scope.ts';

type Argument = (state: LegacyState) => LegacyArgument;

/** Content of the block form: its inline partials are defined before the partial runs. */
interface PartialBlock {
  readonly run: LegacyRun;
  readonly decorators: readonly LegacyRun[];
}

/** `{{> name path key=value}}`; a partial that does not exist prints nothing. */
export function includeLegacyPartial(
  statement: PartialStatement | PartialBlockStatement,
  block: PartialBlock | undefined,
  compileArgument: (expression: Expression) => Argument,
): LegacyRun {
  const { name } = statement;
  const nameArgument = name.type === 'PathExpression' ? undefined : compileArgument(name);
  const params = statement.params.map(compileArgument);
  const pairs = statement.hash?.pairs.map(({ key, value }) => [key, compileArgument(value)] as const) ?? [];
  const { start } = statement.loc;
  return (state) => {
    state.step(start);
    const wanted =
      nameArgument === undefined ? rawName(name) : printedText(nameArgument(state).value, state.scope.rules);
    const [context] = params.map((param) => param(state));
    const path = context?.path;
    const overlay = pairs.map(([key, value]) => [key, value(state).value] as const);
    for (const decorator of block?.decorators ?? []) decorator(state);
    if (state.name === wanted) throw new RenderFault(`the partial "${wanted}" includes itself`);
    const run = findPartial(state, wanted) ?? block?.run;
    if (run === undefined) return;
    enter(state, partialScope(state, path, overlay, block), run);
  };
}

const rawName = (name: PartialStatement['name']): string => (name.type === 'PathExpression' ? name.path.raw : '');

function findPartial(state: LegacyState, name: string): LegacyRun | undefined {
  const inline = state.scopeNow.partials.get(name);
  if (inline !== undefined) return inline;
  const template = state.scope.template(name);
  if (template === undefined) return undefined;
  return (inner) => {
    inner.current = template;
    template.run(inner);
  };
}

function partialScope(
  state: LegacyState,
  path: string | undefined,
  overlay: readonly (readonly [string, ConfigValue])[],
  block: PartialBlock | undefined,
): LegacyScope {
  const scope = state.scopeNow.derive();
  if (path !== undefined) {
    scope.promoteLocals();
    scope.path = `${scope.path}/${path}`;
  }
  if (block !== undefined) scope.partials = new Map(scope.partials).set('@partial-block', block.run);
  if (overlay.length === 0) return scope;
  const base = navigate(scope.data, scope, '.');
  if (scope.data === state.root) state.reads?.record(base.path, 'value');
  if (isConfigTable(base.value)) state.spend(base.value.size);
  scope.data = new Map([...(isConfigTable(base.value) ? base.value : []), ...overlay]);
  scope.path = '.';
  scope.roots = [];
  scope.parameters = [];
  return scope;
}

function enter(state: LegacyState, scope: LegacyScope, run: LegacyRun): void {
  state.enterPartial();
  const { current, name, at } = state;
  state.within(scope, run);
  state.partialDepth--;
  state.current = current;
  state.name = name;
  state.at = at;
}
