/** Largest TOML or JSON text that is read, in bytes of UTF-8. Real files have 1 to 10 kB. */
export const MAX_CONFIG_BYTES = 1_048_576;
/** Nesting of tables and arrays in configuration. */
export const MAX_CONFIG_DEPTH = 128;
/** A gossiped configuration layer; see spec/templating 10. */
export const MAX_GOSSIP_CONFIG_BYTES = 65_536;
/** Tables that two layers may share on one path; see spec/templating 10. */
export const MAX_MERGE_DEPTH = 30;

/** What a template may cost. */
export interface TemplateLimits {
  /** Template text, in UTF-16 units. @defaultValue 10 MiB */
  readonly sourceBytes: number;
  /** Blocks within blocks and parentheses within parentheses. @defaultValue 200 */
  readonly nesting: number;
  /** Arguments of one tag. @defaultValue 1,000 */
  readonly tagArguments: number;
  /** Partials within partials while rendering. @defaultValue 100 */
  readonly partialDepth: number;
  /** Text of one rendering, in UTF-16 units. @defaultValue 64 Mi */
  readonly outputCharacters: number;
  /** Tags evaluated in one rendering. @defaultValue 20 million */
  readonly steps: number;
  /**
   * Items that loops and helpers of one rendering go through, whether a tag prints anything of them or not; 16 characters
   * of a text count as one. @defaultValue 20 million
   */
  readonly work: number;
}

export const DEFAULT_TEMPLATE_LIMITS: TemplateLimits = {
  sourceBytes: 10 * 1_048_576,
  nesting: 200,
  tagArguments: 1_000,
  partialDepth: 100,
  outputCharacters: 64 * 1_048_576,
  steps: 20_000_000,
  work: 20_000_000,
};
