/**
 * - `documented` (default): the documents' rules where they and later releases differ
 * - `2.1`: Habitat 2.1 exactly, defects included
 * - `legacy`: Habitat 1.6 and 0.64
 */
export type TemplateDialect = 'documented' | '2.1' | 'legacy';

export const TEMPLATE_DIALECTS: readonly TemplateDialect[] = ['documented', '2.1', 'legacy'];

/** True for the name of a dialect, such as a flag's or a variable's value. */
export function isTemplateDialect(name: string): name is TemplateDialect {
  return (TEMPLATE_DIALECTS as readonly string[]).includes(name);
}

/** What the dialects differ in, apart from the whole engine of `legacy`. See spec/templating 1. */
export interface DialectRules {
  readonly dialect: TemplateDialect;
  /** `guarded`: standalone lines, but not of a tag that carries a tilde. `standalone`: of every tag. `tilde`: none. */
  readonly whitespace: 'guarded' | 'standalone' | 'tilde';
  /** `a[0]` means `a.[0]`. */
  readonly bareIndex: boolean;
  /** Dates are text; else tables with one private key. */
  readonly datesAsText: boolean;
  /** strJoin and strConcat take text as it is and lists apart; else JSON text with its quotes removed. */
  readonly plainJoins: boolean;
  /** toYaml opens a document with `---` when only white space was written before. */
  readonly yamlDocumentStart: boolean;
  readonly exponent: 'e+21' | 'e21';
  /** `[1, 2, ]` instead of `[1, 2]`. */
  readonly trailingComma: boolean;
}

export const DIALECT_RULES: Readonly<Record<TemplateDialect, DialectRules>> = {
  documented: {
    dialect: 'documented',
    whitespace: 'guarded',
    bareIndex: true,
    datesAsText: true,
    plainJoins: true,
    yamlDocumentStart: true,
    exponent: 'e+21',
    trailingComma: false,
  },
  '2.1': {
    dialect: '2.1',
    whitespace: 'standalone',
    bareIndex: false,
    datesAsText: false,
    plainJoins: false,
    yamlDocumentStart: false,
    exponent: 'e+21',
    trailingComma: false,
  },
  legacy: {
    dialect: 'legacy',
    whitespace: 'tilde',
    bareIndex: true,
    datesAsText: false,
    plainJoins: false,
    yamlDocumentStart: false,
    exponent: 'e21',
    trailingComma: true,
  },
};
