/** Languages that plans are written in. */
export type PlanLanguage = 'bash' | 'powershell';

/** What a new plan is made of. */
export interface PlanFacts {
  /** Name of the package: letters, digits, `-` and `_`. `pkg_name` of {@link PlanFacts.variables} replaces it. */
  readonly name: string;
  /** Origin of the package. `pkg_origin` of {@link PlanFacts.variables} replaces it. */
  readonly origin: string;
  /** @defaultValue `bash` */
  readonly language?: PlanLanguage | undefined;
  /** Identifier of a scaffolding. */
  readonly scaffolding?: string | undefined;
  /** Values by the names of settings (`pkg_version`); names that plans do not know are left out. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  /** `all` settings and callbacks, or what a plan can hardly do without. @defaultValue `all` */
  readonly extent?: 'all' | 'minimal' | undefined;
  /** Explanations. @defaultValue what `extent` suggests: those of a minimal plan are left out */
  readonly docs?: boolean | undefined;
  /** Every callback. @defaultValue what `extent` suggests: a minimal plan has two of them */
  readonly callbacks?: boolean | undefined;
}

/** One file of a new plan. */
export interface NewFile {
  /** Path below the plan's folder. */
  readonly path: string;
  readonly text: string;
  /** What it is for, in a sentence or two. */
  readonly about: string;
}

/** A folder of a new plan, empty at first. */
export interface NewFolder {
  readonly path: string;
  readonly about: string;
}
