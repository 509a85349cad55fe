import type { Logger } from '@hab/core';

import type { DialectRules } from '../dialect.ts';
import type { TemplateLimits } from '../limits.ts';
import { LimitFault } from '../template/syntax.ts';
import type { ConfigTable, ConfigValue } from '../values.ts';
import type { CompiledTemplate, Run } from './compiled.ts';
import type { ReadRecorder } from './reads.ts';
import { weigh } from './weigh.ts';

/** Names that a block gives to its values: `as |item index|`. */
export interface BlockParameters {
  readonly names: readonly string[];
  readonly values: (ConfigValue | undefined)[];
  /** Where the first value stands in the context; the others are derived. */
  path: readonly string[] | undefined;
}

/** One level of the context: what `../` steps over. */
export class Frame {
  value: ConfigValue | undefined;
  readonly parent: Frame | undefined;
  /** Where the value stands in the context, while reads are recorded and it stands there at all. */
  path: readonly string[] | undefined;
  first: boolean | undefined = undefined;
  last: boolean | undefined = undefined;
  index: number | undefined = undefined;
  key: string | undefined = undefined;
  readonly parameters: BlockParameters | undefined;
  /** This frame or one around it has block parameters, so that names must be looked for there first. */
  readonly scoped: boolean;
  partials: Map<string, Run> | undefined = undefined;

  constructor(
    value: ConfigValue | undefined,
    parent: Frame | undefined,
    path: readonly string[] | undefined,
    parameters?: BlockParameters,
  ) {
    this.value = value;
    this.parent = parent;
    this.path = path;
    this.parameters = parameters;
    this.scoped = parameters !== undefined || (parent?.scoped ?? false);
  }

  /** `@index`, `@key` and so on go on inside `with` and partials. */
  inheritLoop(parent: Frame): this {
    this.first = parent.first;
    this.last = parent.last;
    this.index = parent.index;
    this.key = parent.key;
    return this;
  }
}

/** What the surroundings give to a rendering. */
export interface RenderScope {
  readonly rules: DialectRules;
  readonly limits: TemplateLimits;
  readonly logger: Logger;
  /** Directory of an installed package. */
  readonly packagePath: (origin: string, name: string, version: string, release: string) => string;
  /** Another template of the same renderer. */
  readonly template: (name: string) => CompiledTemplate | undefined;
}

/** Programs within programs while rendering, partials included: the stack of the machine ends somewhere. */
const MAX_PROGRAM_DEPTH = 500;

const tooMuch = (limit: LimitFault['limit'], max: number, what: string): LimitFault =>
  new LimitFault(limit, max, `the rendering has more than ${max} ${what}`);

/** Everything that changes while one template is rendered. */
export class RenderState {
  readonly scope: RenderScope;
  readonly root: ConfigTable;
  readonly #reads: ReadRecorder | undefined;
  out = '';
  frame: Frame;
  /** Template whose text is running, for positions. */
  current: CompiledTemplate;
  /** Its name, undefined inside its blocks: a template may include itself there. */
  name: string | undefined;
  /** Offset of the tag that is running. */
  at = 0;
  depth = 0;
  partialDepth = 0;
  /** Texts within texts: while there is one, nobody knows what will stand before it. */
  captures = 0;
  /** Texts that `{{> @partial-block}}` prints, innermost last. */
  readonly partialBlocks: (string | undefined)[] = [];
  /** Blanks to put before the lines of the partial that is running. */
  indent: string | undefined = undefined;
  indentPending = false;
  produced = false;
  /** The last text written with regard to indentation; its end decides about the next. */
  lastText = '';
  #steps = 0;
  #work = 0;
  readonly #weights = new Map<object, number>();
  readonly #maxSteps: number;
  readonly #maxWork: number;
  readonly #maxOutput: number;

  constructor(scope: RenderScope, template: CompiledTemplate, root: ConfigTable, reads: ReadRecorder | undefined) {
    this.scope = scope;
    this.root = root;
    this.#reads = reads;
    this.current = template;
    this.name = template.name;
    this.frame = new Frame(root, undefined, reads === undefined ? undefined : []);
    this.#maxSteps = scope.limits.steps;
    this.#maxWork = scope.limits.work;
    this.#maxOutput = scope.limits.outputCharacters;
  }

  /** Where reads are noted, while they are. */
  get reads(): ReadRecorder | undefined {
    return this.#reads?.full === true ? undefined : this.#reads;
  }

  /** Called for the content of every block. */
  enterProgram(): void {
    this.name = undefined;
    if (++this.depth > MAX_PROGRAM_DEPTH) throw tooMuch('nesting', MAX_PROGRAM_DEPTH, 'levels of blocks and partials');
  }

  /** Called for every partial. */
  enterPartial(): void {
    const max = this.scope.limits.partialDepth;
    if (++this.partialDepth > max) throw tooMuch('partialDepth', max, 'partials within partials');
  }

  /** Called for every tag. */
  step(offset: number): void {
    this.at = offset;
    if (++this.#steps > this.#maxSteps) throw tooMuch('steps', this.#maxSteps, 'tags evaluated');
  }

  /** Called before anything that takes its time without a tag for each turn. */
  spend(work: number): void {
    this.#work += work;
    if (this.#work > this.#maxWork) throw tooMuch('work', this.#maxWork, 'items gone through by loops and helpers');
  }

  /** Called for what a helper is given or makes. */
  spendOn(value: ConfigValue | undefined): void {
    this.spend(weigh(value, this.#weights));
  }

  /** Called before a text of that length is made. */
  assertRoom(characters: number): void {
    if (characters > this.#maxOutput) throw tooMuch('outputCharacters', this.#maxOutput, 'characters of text');
  }

  /** Writes without regard to indentation, as the helpers of Habitat do. */
  write(text: string): void {
    // Text that is caught may never be printed.
    if (this.captures > 0) this.spendOn(text);
    this.out += text;
    this.assertRoom(this.out.length);
  }

  /** Writes text or a value; inside an indented partial each of its lines is indented. */
  print(text: string): void {
    if (text === '') return;
    if (this.indent === undefined) {
      this.lastText = text;
      this.write(text);
    } else this.#printIndented(text, this.indent);
  }

  get afterLineBreak(): boolean {
    const code = this.lastText.charCodeAt(this.lastText.length - 1);
    return code === 10 || code === 13;
  }

  #printIndented(text: string, indent: string): void {
    this.produced = true;
    const first = text.charCodeAt(0);
    if (this.indentPending && first !== 10 && first !== 13) this.write(indent);
    const body = text.endsWith('\n') ? text.slice(0, -1) : text;
    this.write(body.replaceAll('\n', () => `\n${indent}`));
    if (body.length < text.length) this.write('\n');
    this.lastText = text;
    this.indentPending = this.afterLineBreak;
  }

  /** Runs something that writes to a text of its own: an argument or the block of a partial. */
  capture(run: () => void): string {
    const before = this.out;
    this.out = '';
    this.captures++;
    run();
    this.captures--;
    const text = this.out;
    this.out = before;
    return text;
  }
}
