/** Options of everything that waits. */
export interface AbortOptions {
  /** Checked before each step and handed to every inner wait; the rejection is its reason. */
  readonly signal?: AbortSignal | undefined;
}
