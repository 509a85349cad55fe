/** Runs the language-neutral template cases against this package. @packageDocumentation */

export type { CaseFailure, TemplateCase, TemplateExpectation } from './cases.ts';
export { checkTemplateCase, parseTemplateCases } from './cases.ts';
