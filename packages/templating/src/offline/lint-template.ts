import type { PackageIdent } from '@hab/ident';

import { DIALECT_RULES, type TemplateDialect } from '../dialect.ts';
import { DEFAULT_TEMPLATE_LIMITS } from '../limits.ts';
import { explainSyntax } from '../template/explain.ts';
import { type ParsedTemplate, parseTemplate } from '../template/parse.ts';
import { scanTemplate } from '../template/scan.ts';
import type { Segment } from '../template/segments.ts';
import { LimitFault, SyntaxFault } from '../template/syntax.ts';
import { type ContextKnowledge, contextShape } from './context-shape.ts';
import { Findings, type LintFinding } from './finding.ts';
import { checkText, suggestIndexForm } from './text-rules.ts';
import { TemplateWalk } from './walk.ts';

export interface LintTemplateOptions extends ContextKnowledge {
  /** @defaultValue 'documented' */
  readonly dialect?: TemplateDialect | undefined;
  /** The plan's `pkg_deps`. */
  readonly deps?: readonly PackageIdent[] | undefined;
  /** Names of the templates of the same directory. */
  readonly partials?: Iterable<string> | undefined;
}

/**
 * Looks for what a template does not mean to say: paths that name nothing, forms that releases read differently, lines
 * that join. Renders nothing. A template that does not compile gives one `syntax` finding and those about its text.
 *
 * @returns Findings in the order of the text; none for a template without blemish.
 * @see spec/templating 15 and 18
 */
export function lintTemplate(text: string, options: LintTemplateOptions = {}): readonly LintFinding[] {
  const rules = DIALECT_RULES[options.dialect ?? 'documented'];
  const findings = new Findings(text);
  const parsed = tryParse(text, options, findings);
  checkText(parsed?.segments ?? tryScan(text, options), text, findings);
  if (parsed !== undefined) {
    const partials = options.partials === undefined ? undefined : new Set(options.partials);
    const walk = new TemplateWalk({ rules, root: contextShape(options), deps: options.deps, partials }, findings);
    walk.check(parsed.program);
  }
  if (rules.dialect === '2.1') checkBareIndexes(text, findings);
  return findings.list();
}

/** This dialect does not read `list[0]`: a tag that fails on a line that has one fails because of it. */
function checkBareIndexes(text: string, findings: Findings): void {
  const lines = text.split('\n');
  for (const { rule, line, column } of findings.list()) {
    const source = lines[line - 1] ?? '';
    const suggested = suggestIndexForm(source);
    if ((rule !== 'syntax' && rule !== 'unknown-helper') || suggested === source) continue;
    const offset = lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0) + column - 1;
    findings.add('bare-index', offset, 'this dialect reads list.[0] and not list[0]', `Write ${suggested.trim()}`);
  }
}

function tryParse(text: string, options: LintTemplateOptions, findings: Findings): ParsedTemplate | undefined {
  try {
    return parseTemplate(text, DIALECT_RULES[options.dialect ?? 'documented'], DEFAULT_TEMPLATE_LIMITS);
  } catch (error) {
    if (error instanceof SyntaxFault) {
      const { message, hint } = explainSyntax(error, text);
      findings.add('syntax', error.offset, message, hint ?? 'See the grammar of templates.');
    } else if (error instanceof LimitFault) {
      findings.add('syntax', error.offset ?? 0, error.message, 'Split the template into partials.');
    } else throw error;
    return undefined;
  }
}

/** The tags of a template whose blocks do not fit together; nothing when not even they can be told. */
function tryScan(text: string, options: LintTemplateOptions): readonly Segment[] {
  try {
    return scanTemplate(text, DIALECT_RULES[options.dialect ?? 'documented'], DEFAULT_TEMPLATE_LIMITS);
  } catch (error) {
    if (error instanceof SyntaxFault || error instanceof LimitFault) return [];
    throw error;
  }
}
