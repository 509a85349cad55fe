import { locate, type SourcePosition } from '../errors.ts';

/** Rules of the linter; `docs/templates.md` has an example of each. */
export type LintRule =
  | 'syntax'
  | 'single-brace'
  | 'unknown-path'
  | 'unknown-helper'
  | 'list-key'
  | 'prints-object'
  | 'bare-index'
  | 'else-if'
  | 'joined-lines'
  | 'own-cfg-in-each-alive'
  | 'parent-too-deep'
  | 'each-alive-index'
  | 'deprecated-first'
  | 'undeclared-dependency'
  | 'missing-partial'
  | 'hook-calls-hab'
  | 'hook-sleeps'
  | 'toml-syntax'
  | 'table-left-empty';

/** `error`: it does not work. `warning`: it works and does something else than it seems to. */
export type LintSeverity = 'error' | 'warning';

export interface LintFinding extends SourcePosition {
  readonly rule: LintRule;
  readonly severity: LintSeverity;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
  /** The line with a caret under the column. */
  readonly excerpt: string;
}

const ERRORS: ReadonlySet<LintRule> = new Set<LintRule>([
  'syntax',
  'unknown-helper',
  'list-key',
  'missing-partial',
  'toml-syntax',
]);

/** Collects findings about one text, each place and rule once. */
export class Findings {
  readonly #source: string;
  readonly #found = new Map<string, LintFinding & { readonly offset: number }>();

  constructor(source: string) {
    this.#source = source;
  }

  add(rule: LintRule, offset: number, message: string, hint: string): void {
    const severity = ERRORS.has(rule) ? 'error' : 'warning';
    this.#found.set(`${rule} ${offset}`, { rule, severity, message, hint, offset, ...locate(this.#source, offset) });
  }

  /** In the order of the text. */
  list(): LintFinding[] {
    const sorted = [...this.#found.values()].sort((a, b) => a.offset - b.offset);
    return sorted.map(({ offset: _offset, ...finding }) => finding);
  }
}
