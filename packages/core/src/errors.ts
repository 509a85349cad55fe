const BRAND = Symbol.for('@hab/core/error');

/** What every Habitat error takes beside its code and text. */
export interface HabErrorInit<D> {
  /** Machine-readable facts; never a secret. */
  readonly details: D;
  /** What went wrong below. */
  readonly cause?: unknown;
  /** The next thing to do, one sentence for the person in front of the terminal. */
  readonly hint?: string;
}

/**
 * The base of every error that a user can reach. Tell errors apart by `code` with {@link isHabError}, never by
 * `instanceof`: a process may hold two copies of a package and only the brand survives that.
 */
export class HabError<C extends string = string, D = unknown> extends Error {
  override readonly name: string = 'HabError';
  readonly code: C;
  readonly details: D;
  readonly hint: string | undefined;

  constructor(code: C, message: string, init: HabErrorInit<D>) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.details = init.details;
    this.hint = init.hint;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for an error of this family, of any copy of any package; with `code`, for that code alone. */
export function isHabError<C extends string = string>(value: unknown, code?: C): value is HabError<C> {
  return (
    typeof value === 'object' &&
    value !== null &&
    BRAND in value &&
    (code === undefined || ('code' in value && value.code === code))
  );
}
