import type { RenderState } from './state.ts';

/** Writes something to the output. */
export type Run = (state: RenderState) => void;

/** A template ready to be rendered any number of times. */
export interface CompiledTemplate {
  readonly name: string;
  readonly source: string;
  readonly run: Run;
}
