/** A place in a source: offsets in UTF-16 units. */
export interface SourceSpan {
  /** Path of the file, as it was given or as the plan names it. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Text, a list, or a map in the order of assignment. */
export type SettingValue = string | readonly string[] | ReadonlyMap<string, string>;

/** One `pkg_*` variable that a plan leaves with a value. */
export interface PlanSetting {
  readonly name: string;
  /** The value that bash gives; undefined when reading alone cannot tell. */
  readonly value: SettingValue | undefined;
  /** Why `value` is undefined: what it depends on. */
  readonly reason: string | undefined;
  /** The assignment that counts: the last one. */
  readonly span: SourceSpan;
}

/** A function that a plan defines. */
export interface PlanFunction {
  readonly name: string;
  readonly span: SourceSpan;
}

/** A call of one of the build program's helpers. */
export interface HelperCall {
  readonly name: string;
  /** The words after the name, as they are written. */
  readonly words: readonly string[];
  readonly span: SourceSpan;
}

export type PlanProblemCode =
  /** A place that no shell would read. */
  | 'PLAN_SYNTAX'
  /** Bytes that text does not have. */
  | 'PLAN_BINARY'
  /** More text than a plan may have. */
  | 'PLAN_TOO_LARGE'
  /** Files that read each other without end: the place that is not followed any more. */
  | 'PLAN_SOURCE_LOOP';

/** Something that is wrong with the text itself; settings that the rest of the file names are told as unknown. */
export interface PlanProblem {
  readonly code: PlanProblemCode;
  readonly message: string;
  readonly span: SourceSpan;
}

/** What reading a plan tells. */
export interface PlanReading {
  readonly settings: ReadonlyMap<string, PlanSetting>;
  /** Functions that the plan leaves defined, those of files it reads included; by name. */
  readonly functions: ReadonlyMap<string, PlanFunction>;
  /** Names of the callbacks among them, sorted. */
  readonly callbacks: readonly string[];
  readonly helpers: readonly HelperCall[];
  readonly problems: readonly PlanProblem[];
}

export interface ReadPlanOptions {
  /** Path of the plan as the build program knows it. @defaultValue `/src/plan.sh` */
  readonly path?: string | undefined;
  /**
   * Text of a file that the plan reads; undefined: not there. Without this function every such file is unknown, and with
   * it all that it might set.
   */
  readonly readFile?: ((path: string) => string | undefined) | undefined;
  /** Environment of the build. Names that are absent are unset. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** @defaultValue `x86_64-linux` */
  readonly target?: string | undefined;
}
