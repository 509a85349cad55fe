import { nearestName } from '@hab/core';
import { isIdentError, type PackageIdent, parseIdent, satisfies } from '@hab/ident';

import type { DialectRules } from '../dialect.ts';
import { HELPERS, LEGACY_HELPER_NAMES } from '../helpers/registry.ts';
import type { PathToken } from '../template/segments.ts';
import type {
  BlockStatement,
  Call,
  Expression,
  PartialBlockStatement,
  PartialStatement,
  Program,
  Statement,
} from '../template/tree.ts';
import type { Findings } from './finding.ts';
import { ANY, itemOf, type Shape, stepInto } from './shapes.ts';

/** One level of the context as far as it is known. */
interface Level {
  readonly shape: Shape;
  readonly loop: 'each' | 'eachAlive' | undefined;
  readonly names: ReadonlyMap<string, Shape>;
}

/** What the walk knows beside the shapes. */
export interface WalkKnowledge {
  readonly rules: DialectRules;
  readonly root: Shape;
  readonly deps: readonly PackageIdent[] | undefined;
  readonly partials: ReadonlySet<string> | undefined;
}

/** Follows a template's tree with the shapes of what its paths name. */
export class TemplateWalk {
  readonly #known: WalkKnowledge;
  readonly #findings: Findings;
  readonly #inline = new Set<string>();

  constructor(known: WalkKnowledge, findings: Findings) {
    this.#known = known;
    this.#findings = findings;
  }

  check(program: Program): void {
    collectInline(program, this.#inline);
    this.#program(program, [{ shape: this.#known.root, loop: undefined, names: new Map() }]);
  }

  #program(program: Program, levels: readonly Level[]): void {
    for (const statement of program.body) this.#statement(statement, levels);
  }

  #statement(statement: Statement, levels: readonly Level[]): void {
    switch (statement.type) {
      case 'ContentStatement':
        return;
      case 'MustacheStatement':
        this.#mustache(statement, levels);
        return;
      case 'BlockStatement':
        this.#block(statement, levels);
        return;
      case 'DecoratorBlock':
        // Where it is used decides about its context.
        this.#program(statement.program, [{ shape: ANY, loop: undefined, names: new Map() }]);
        return;
      case 'PartialStatement':
      case 'PartialBlockStatement':
        this.#partial(statement, levels);
    }
  }

  #mustache(call: Call, levels: readonly Level[]): void {
    const { path } = call.path;
    const bare = call.params.length === 0 && call.hash === undefined;
    if (path.raw === '') this.#arguments(call, levels);
    else if (this.#isHelper(path.raw) && !(bare && this.#known.rules.dialect === 'legacy')) this.#call(call, levels);
    else if (!bare) this.#unknownHelper(call, levels);
    else {
      const shape = this.#path(path, call.loc.start, levels);
      if (shape !== undefined) this.#printed(shape, path, call.loc.start);
    }
  }

  #printed(shape: Shape, { raw }: PathToken, offset: number): void {
    const { rules } = this.#known;
    const date = shape.type === 'date' && !rules.datesAsText;
    if (shape.type !== 'table' && !date) return;
    const what = date ? 'a date, which this dialect prints as [object]' : 'a table, which prints as [object]';
    this.#findings.add('prints-object', offset, `${raw} is ${what}`, `Print one of its values, or {{toJson ${raw}}}.`);
  }

  #isHelper(name: string): boolean {
    return this.#known.rules.dialect === 'legacy' ? LEGACY_HELPER_NAMES.has(name) : HELPERS.has(name);
  }

  #unknownHelper(call: Call, levels: readonly Level[]): void {
    const { raw } = call.path.path;
    if (raw === 'else' && this.#known.rules.dialect === 'legacy') {
      this.#findings.add(
        'else-if',
        call.loc.start,
        'this dialect has no "else if": the condition is ignored',
        'Put a second {{#if}} inside {{else}}.',
      );
    } else {
      const hint = 'Only helpers take arguments, and only helpers open blocks; see the list of helpers.';
      this.#findings.add('unknown-helper', call.loc.start, `there is no helper "${raw}"`, hint);
    }
    this.#arguments(call, levels);
  }

  /** Arguments of a helper. @returns their shapes. */
  #arguments(call: Pick<Call, 'params' | 'hash'>, levels: readonly Level[]): readonly (Shape | undefined)[] {
    for (const { value } of call.hash?.pairs ?? []) this.#expression(value, levels);
    return call.params.map((param) => this.#expression(param, levels));
  }

  #call(call: Call, levels: readonly Level[]): readonly (Shape | undefined)[] {
    if (call.path.path.raw === 'pkgPathFor') this.#dependency(call);
    return this.#arguments(call, levels);
  }

  #expression(expression: Expression, levels: readonly Level[]): Shape | undefined {
    if (expression.type === 'StringLiteral') return ANY;
    if (expression.type === 'PathExpression') return this.#path(expression.path, expression.loc.start, levels);
    const { path, loc } = expression;
    if (this.#isHelper(path.path.raw)) this.#call({ ...expression, loc }, levels);
    else this.#unknownHelper({ ...expression, loc }, levels);
    return ANY;
  }

  #block(block: BlockStatement, levels: readonly Level[]): void {
    const { raw } = block.path.path;
    const known = this.#isHelper(raw);
    const [subject] = known ? this.#call(block, levels) : [];
    if (!known) this.#unknownHelper(block, levels);
    this.#program(block.program, this.#inside(raw, subject, block.blockParams, levels));
    if (block.inverse !== undefined) this.#program(block.inverse, levels);
  }

  #inside(
    helper: string,
    subject: Shape | undefined,
    names: readonly string[],
    levels: readonly Level[],
  ): readonly Level[] {
    const loop = helper === 'each' || helper === 'eachAlive' ? helper : undefined;
    if (loop === undefined && helper !== 'with') return levels;
    const shape = loop === undefined ? (subject ?? ANY) : itemOf(subject);
    const named = new Map(names.map((name, index): [string, Shape] => [name, index === 0 ? shape : ANY]));
    // The legacy engines stay where they are in eachAlive.
    const stays = loop === 'eachAlive' && this.#known.rules.dialect === 'legacy';
    return [...levels, { shape: stays ? (levels.at(-1)?.shape ?? ANY) : shape, loop, names: named }];
  }

  #partial(statement: PartialStatement | PartialBlockStatement, levels: readonly Level[]): void {
    this.#arguments(statement, levels);
    if (statement.type === 'PartialBlockStatement') this.#program(statement.program, levels);
    const name = statement.name.type === 'PathExpression' ? statement.name.path.raw : undefined;
    const { partials } = this.#known;
    if (name === undefined || partials === undefined || name === '@partial-block') return;
    if (partials.has(name) || this.#inline.has(name) || statement.type === 'PartialBlockStatement') return;
    const known = partials.size === 0 ? 'there are none' : `there are ${[...partials].slice(0, 8).join(', ')}`;
    this.#findings.add(
      'missing-partial',
      statement.loc.start,
      `there is no template "${name}" to include`,
      `Name a template by its path below config/: ${known}.`,
    );
  }

  #dependency(call: Call): void {
    const { deps } = this.#known;
    const [argument] = call.params;
    if (deps === undefined || argument?.type !== 'StringLiteral' || typeof argument.value !== 'string') return;
    const wanted = tryIdent(argument.value);
    if (wanted === undefined || deps.some((dep) => satisfies(dep, wanted) || sameName(dep, wanted))) return;
    this.#findings.add(
      'undeclared-dependency',
      call.loc.start,
      `${argument.value} is not in pkg_deps: the package may come without it one day`,
      'Add it to pkg_deps of the plan.',
    );
  }

  /** Follows a path. @returns its shape, undefined for one that leads nowhere. */
  #path(path: PathToken, offset: number, levels: readonly Level[]): Shape | undefined {
    const level = levels.at(-1);
    if (level === undefined || this.#known.rules.dialect === 'legacy') return ANY;
    const [first, ...rest] = path.keys;
    if (path.local) {
      this.#loopVariable(path, offset, levels);
      return ANY;
    }
    this.#checkForm(path, offset);
    const named = path.root || first === undefined ? undefined : namedShape(first, levels);
    if (named !== undefined) return this.#follow(named, rest, path, offset, levels);
    if (path.up >= levels.length) {
      const most = levels.length - 1;
      const hint =
        most === 0
          ? 'There is no level around: leave "../" out.'
          : `Write ${'../'.repeat(most)} to reach the outermost.`;
      const text = `${path.raw} goes ${path.up} levels up and there are ${most}: it is looked up in the innermost`;
      this.#findings.add('parent-too-deep', offset, text, hint);
      return ANY;
    }
    const base = path.root ? this.#known.root : (levels.at(-1 - path.up)?.shape ?? ANY);
    if (path.up === 0 && !path.root && first === 'cfg' && level.loop === 'eachAlive')
      return this.#memberConfig(path, offset, level);
    return this.#follow(base, path.keys, path, offset, levels);
  }

  /** Inside eachAlive `cfg` is the member's; who wrote it before the engine changed meant the own one. */
  #memberConfig(path: PathToken, offset: number, level: Level): Shape {
    const own = path.keys.reduce<Shape | undefined>((shape, key) => shape && stepInto(shape, key), this.#known.root);
    const members = path.keys.reduce<Shape | undefined>((shape, key) => shape && stepInto(shape, key), level.shape);
    if (own !== undefined && (members === undefined || members.type === 'any')) {
      this.#findings.add(
        'own-cfg-in-each-alive',
        offset,
        `${path.raw} is what the member exports, not the configuration of this service`,
        `Write ../${path.raw} for the own value; for the member's give it a name: {{#eachAlive … as |member|}}{{member.${path.raw}}}.`,
      );
    }
    return members ?? ANY;
  }

  #loopVariable(path: PathToken, offset: number, levels: readonly Level[]): void {
    if (path.keys[0] !== 'index' || levels.at(-1 - path.up)?.loop !== 'eachAlive') return;
    this.#findings.add(
      'each-alive-index',
      offset,
      '@index counts from 1 in eachAlive, from 0 in each and in older releases',
      'Use @first and @last where they do; else write it down beside the tag.',
    );
  }

  #checkForm({ raw, keys }: PathToken, offset: number): void {
    if (/[^./[]\[/.test(raw)) {
      const dotted = raw.replace(/([^.])\[/g, '$1.[');
      this.#findings.add(
        'bare-index',
        offset,
        `${raw} is an old form that later releases do not read`,
        `Write ${dotted}.`,
      );
    }
    const deprecated = (keys[0] === 'svc' && keys[1] === 'first') || (keys[0] === 'bind' && keys[2] === 'first');
    if (deprecated) {
      this.#findings.add(
        'deprecated-first',
        offset,
        `${raw}: "first" may be a member that is gone`,
        'Use leader, or {{#eachAlive …members}}.',
      );
    }
  }

  #follow(
    base: Shape,
    keys: readonly string[],
    path: PathToken,
    offset: number,
    levels: readonly Level[],
  ): Shape | undefined {
    let shape = base;
    for (const key of keys) {
      const next = stepInto(shape, key);
      if (next === undefined) {
        this.#nowhere(shape, key, path, offset, levels);
        return undefined;
      }
      shape = next;
    }
    return shape;
  }

  #nowhere(shape: Shape, key: string, path: PathToken, offset: number, levels: readonly Level[]): void {
    if (shape.type === 'list') {
      this.#findings.add(
        'list-key',
        offset,
        `${path.raw} asks a list for "${key}"`,
        'Use {{len list}}, list.[0] or {{#each list}}.',
      );
      return;
    }
    // A part of the package's configuration that has no default may still come from another layer.
    const near = shape.type === 'table' ? nearestName(key, shape.members.keys()) : undefined;
    const outside = path.up === 0 && levels.length > 1 && stepInto(this.#known.root, path.keys[0] ?? '') !== undefined;
    const hint = outside
      ? `The context here is another one: write ${'../'.repeat(levels.length - 1)}${path.raw}.`
      : near === undefined
        ? 'Give it a default in default.toml, or check its spelling.'
        : `Did you mean "${near}"?`;
    this.#findings.add('unknown-path', offset, `${path.raw} names nothing: there is no "${key}"`, hint);
  }
}

function namedShape(name: string, levels: readonly Level[]): Shape | undefined {
  for (let i = levels.length - 1; i >= 0; i--) {
    const shape = levels[i]?.names.get(name);
    if (shape !== undefined) return shape;
  }
  return undefined;
}

function collectInline(program: Program, names: Set<string>): void {
  for (const statement of program.body) {
    if (statement.type === 'DecoratorBlock') {
      const [name] = statement.params;
      if (name?.type === 'StringLiteral' && typeof name.value === 'string') names.add(name.value);
    }
    if ('program' in statement) collectInline(statement.program, names);
    if (statement.type === 'BlockStatement' && statement.inverse !== undefined) collectInline(statement.inverse, names);
  }
}

const sameName = (a: PackageIdent, b: PackageIdent): boolean => a.origin === b.origin && a.name === b.name;

function tryIdent(text: string): PackageIdent | undefined {
  try {
    return parseIdent(text);
  } catch (error) {
    if (isIdentError(error, 'IDENT_INVALID')) return undefined;
    throw error;
  }
}
