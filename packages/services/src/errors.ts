import { HabError, isHabError } from '@hab/core';

/** What `details` carries, per code. */
export interface ServiceErrorDetails {
  /** A spec file, or its parts, that make no service. */
  SERVICE_SPEC_INVALID: { readonly path?: string | undefined; readonly key?: string | undefined };
  SERVICE_LOADED_ALREADY: { readonly ident: string };
  SERVICE_NOT_LOADED: { readonly ident: string };
  /** A package without a way to run it. */
  SERVICE_NOT_RUNNABLE: { readonly ident: string };
  SERVICE_BINDS_INVALID: { readonly names: readonly string[] };
  /** A user or group that the machine does not know. */
  SERVICE_USER_UNKNOWN: { readonly name: string };
  /** Configuration that does not parse or is too large. */
  SERVICE_CONFIG_INVALID: { readonly layer: string };
  /** The service's own `config-check` hook does not accept a configuration. */
  SERVICE_CONFIG_REFUSED: { readonly code: number | null; readonly signal: string | null };
  /** An `install` hook that did not succeed: the package cannot be used. */
  SERVICE_INSTALL_HOOK_FAILED: { readonly ident: string; readonly code: number | null };
  /** A setting of hooks that makes no sense. */
  SERVICE_SETTING_INVALID: { readonly setting: string };
}
export type ServiceErrorCode = keyof ServiceErrorDetails;

export class ServiceError<C extends ServiceErrorCode = ServiceErrorCode> extends HabError<C, ServiceErrorDetails[C]> {
  override readonly name = 'ServiceError';
}

/** True for an error of this package with that code, whichever copy of the package made it. */
export function isServiceError<C extends ServiceErrorCode>(value: unknown, code: C): value is ServiceError<C> {
  return isHabError(value, code);
}
