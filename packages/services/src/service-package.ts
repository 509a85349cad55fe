import type { FullIdent } from '@hab/ident';

/** What the Supervisor needs to know of an installed package, read once. */
export interface ServicePackage {
  readonly ident: FullIdent;
  /** Where its files are, with the file-system root. */
  readonly directory: string;
  /** Where it believes to be. */
  readonly prefix: string;
  /** All runtime dependencies, dependents before their dependencies. */
  readonly tdeps: readonly FullIdent[];
  readonly deps: readonly FullIdent[];
  /** Runtime environment without PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly runtimePath: readonly string[];
  /** Port numbers as text. */
  readonly exposes: readonly string[];
  readonly exports: readonly (readonly [string, string])[];
  readonly binds: readonly DeclaredBind[];
  readonly bindsOptional: readonly DeclaredBind[];
  readonly svcUser: string | undefined;
  readonly svcGroup: string | undefined;
  /** Name without `SIG`. */
  readonly shutdownSignal: string;
  readonly shutdownTimeoutSec: number;
  /** Text of `default.toml`; undefined when the package has none. */
  readonly defaultToml: string | undefined;
  readonly runnable: boolean;
}

/** A bind of a package and the exports it needs. */
export interface DeclaredBind {
  readonly name: string;
  readonly exports: readonly string[];
}

/** Settings of the shutdown that a package without metafiles has. See spec/formats 10.1. */
export const DEFAULT_SHUTDOWN: { readonly signal: string; readonly timeoutSec: number } = {
  signal: 'TERM',
  timeoutSec: 8,
};
