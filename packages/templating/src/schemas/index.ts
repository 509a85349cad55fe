/** Schemas of render contexts, for editors and for contexts that come from elsewhere. @packageDocumentation */

export type { ContextKind, ContextProblem, JsonSchema } from './check-context.ts';
export { checkContext, contextJsonSchema } from './check-context.ts';
