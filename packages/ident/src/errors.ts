import { HabError, isHabError } from '@hab/core';

/** One entry per code: what `details` carries. `text` is the rejected input, shortened when it is long. */
export interface IdentErrorDetails {
  /** Not two, three or four pieces. */
  IDENT_INVALID: { readonly text: string };
  /** Version or release is missing where both are needed. */
  IDENT_NOT_FULLY_QUALIFIED: { readonly text: string };
  /** No number in it, an empty number, or one past 64 bits. */
  IDENT_VERSION_INVALID: { readonly text: string };
  /** Not one of the known targets. */
  IDENT_TARGET_INVALID: { readonly text: string };
  IDENT_SERVICE_GROUP_INVALID: { readonly text: string };
  /** The part in front of `#` of a service group is not `<application>.<environment>`. */
  IDENT_APPLICATION_ENVIRONMENT_INVALID: { readonly text: string };
  IDENT_BIND_INVALID: { readonly text: string };
  IDENT_BINDING_MODE_INVALID: { readonly text: string };
  IDENT_HEALTH_CHECK_INTERVAL_INVALID: { readonly text: string };
}
export type IdentErrorCode = keyof IdentErrorDetails;

/** The one error class of this package. */
export class IdentError<C extends IdentErrorCode = IdentErrorCode> extends HabError<C, IdentErrorDetails[C]> {
  override readonly name = 'IdentError';
}

/** Tells an error of this package by its code, across copies of the package. */
export function isIdentError<C extends IdentErrorCode>(value: unknown, code: C): value is IdentError<C> {
  return isHabError(value, code);
}

/** What error texts and details show of hostile input. */
const SHOWN_CHARS = 120;

/** Builds an error that quotes the input, shortened and with control characters escaped. */
export function rejected<C extends IdentErrorCode>(code: C, what: string, text: string, hint: string): IdentError<C> {
  const shown = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
  return new IdentError<C>(code, `${what}: ${JSON.stringify(shown)}`, {
    details: { text: shown } as IdentErrorDetails[C], // every entry of the map has this shape
    hint,
  });
}
