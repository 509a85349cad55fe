import { HabError, isHabError } from '@hab/core';

/** What `details` carries, per code. */
export interface CliErrorDetails {
  /** The command line makes no sense: exit status 2. */
  CLI_USAGE: { readonly argument?: string | undefined };
  /** Something a command needs is missing or wrong. */
  CLI_FAILED: { readonly what: string };
  /** A command ended with a status of its own. */
  CLI_EXIT: { readonly exitCode: number };
}
export type CliErrorCode = keyof CliErrorDetails;

export class CliError<C extends CliErrorCode = CliErrorCode> extends HabError<C, CliErrorDetails[C]> {
  override readonly name = 'CliError';
}

export function isCliError<C extends CliErrorCode>(value: unknown, code: C): value is CliError<C> {
  return isHabError(value, code);
}

/** An error of the command line itself. */
export function usage(message: string, argument?: string): CliError<'CLI_USAGE'> {
  return new CliError('CLI_USAGE', message, { details: { argument } });
}

/** A failure that the person can mend. */
export function failed(what: string, hint?: string, cause?: unknown): CliError<'CLI_FAILED'> {
  return new CliError('CLI_FAILED', what, { details: { what }, cause, ...(hint === undefined ? {} : { hint }) });
}
