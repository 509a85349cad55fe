import { HabError, isHabError } from '@hab/core';

/** What `details` carries, per code. */
export interface LauncherErrorDetails {
  /** Bytes that are not a message of this protocol. */
  LAUNCHER_MESSAGE_INVALID: { readonly reason: string };
  /** The other end is gone. */
  LAUNCHER_CLOSED: Readonly<Record<never, never>>;
  /** The Launcher could not do what was asked. */
  LAUNCHER_REFUSED: { readonly netCode: number; readonly netMessage: string };
  /** Another Launcher owns this root. */
  LAUNCHER_RUNNING: { readonly path: string };
}
export type LauncherErrorCode = keyof LauncherErrorDetails;

export class LauncherError<C extends LauncherErrorCode = LauncherErrorCode> extends HabError<
  C,
  LauncherErrorDetails[C]
> {
  override readonly name = 'LauncherError';
}

/** True for an error of this package with that code, whichever copy of the package made it. */
export function isLauncherError<C extends LauncherErrorCode>(value: unknown, code: C): value is LauncherError<C> {
  return isHabError(value, code);
}
