/** Looking at templates without a Supervisor: contexts made up, findings of a linter. @packageDocumentation */

export { overlayContext } from './overlay-context.ts';
export type { SampleContextOptions } from './sample-context.ts';
export { sampleContext } from './sample-context.ts';
