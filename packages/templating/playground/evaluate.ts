import {
  type ConfigTable,
  EMPTY_TABLE,
  parseToml,
  renderTemplate,
  TEMPLATE_DIALECTS,
  type TemplateDialect,
  type TemplateLimits,
  TemplatingError,
} from '../src/index.ts';
import { type LintFinding, lintDefaults, lintTemplate, sampleContext } from '../src/offline/index.ts';

/** What one dialect made of the template: its text, or why there is none. */
export type DialectResult =
  | { readonly dialect: TemplateDialect; readonly text: string; readonly differs: boolean }
  | { readonly dialect: TemplateDialect; readonly problem: string; readonly differs: boolean };

export interface Evaluation {
  readonly results: readonly DialectResult[];
  /** About the template, as the documented dialect reads it. */
  readonly templateFindings: readonly LintFinding[];
  readonly configFindings: readonly LintFinding[];
}

/** A page has one thread and renders at every keystroke: far less than a Supervisor allows. */
const MAX_TEMPLATE = 200_000;
const LIMITS: Partial<TemplateLimits> = { sourceBytes: MAX_TEMPLATE, outputCharacters: 200_000, steps: 200_000 };

/** Renders a template in every dialect and looks for mistakes. Never throws for what a reader typed. */
export function evaluate(template: string, config: string): Evaluation {
  const configFindings = lintDefaults(config);
  const cfg = readConfig(config);
  if (cfg === undefined) {
    const problem = 'The configuration cannot be read; see below.';
    const results = TEMPLATE_DIALECTS.map((dialect) => ({ dialect, problem, differs: false }));
    return { results, templateFindings: [], configFindings };
  }
  const keys = namesAfter('cfg', template);
  const binds = namesAfter('bind', template).map((name): [string, string[]] => [name, keys]);
  const exports = [...cfg.keys()].map((key): [string, string] => [key, key]);
  const context = sampleContext({ cfg, exports, binds, members: 3 });
  const rendered = TEMPLATE_DIALECTS.map((dialect) => renderIn(dialect, template, context));
  const first = rendered[0];
  const results = rendered.map((result) => ({ ...result, differs: first !== undefined && !agree(first, result) }));
  return { results, templateFindings: findingsOf(template, cfg), configFindings };
}

type Rendered = { dialect: TemplateDialect; text: string } | { dialect: TemplateDialect; problem: string };

/** Two refusals agree whatever their words are. */
const agree = (one: Rendered, other: Rendered): boolean =>
  'text' in one ? 'text' in other && one.text === other.text : 'problem' in other;

function renderIn(dialect: TemplateDialect, template: string, context: ConfigTable): Rendered {
  try {
    return { dialect, text: renderTemplate(template, context, { dialect, name: 'template', limits: LIMITS }) };
  } catch (error) {
    if (!(error instanceof TemplatingError)) throw error;
    return { dialect, problem: explain(error) };
  }
}

/** The message says where and shows the line. */
const explain = ({ message, hint }: TemplatingError): string => (hint === undefined ? message : `${message}\n${hint}`);

function readConfig(text: string): ConfigTable | undefined {
  try {
    return text.trim() === '' ? EMPTY_TABLE : parseToml(text, { source: 'default.toml' });
  } catch (error) {
    if (!(error instanceof TemplatingError)) throw error;
    return undefined;
  }
}

function findingsOf(template: string, cfg: ConfigTable): readonly LintFinding[] {
  return template.length > MAX_TEMPLATE ? [] : lintTemplate(template, { defaults: cfg, partials: [] });
}

/** `x` and `y` for `bind.x.members` and `bind.y`: a sample has to invent what a package would declare. */
function namesAfter(word: string, template: string): string[] {
  const pattern = new RegExp(`\\b${word}\\.([A-Za-z_][\\w-]*)`, 'g');
  return [...new Set([...template.matchAll(pattern)].map((match) => match[1] ?? ''))];
}
