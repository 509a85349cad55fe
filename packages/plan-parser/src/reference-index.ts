/** What the names of plans, hooks and templates mean. @packageDocumentation */

export type { ReferenceEntry, ReferenceKind } from './reference.ts';
export { explain, REFERENCE } from './reference.ts';
export { formatReferencePage, REFERENCE_KINDS } from './reference-page.ts';
