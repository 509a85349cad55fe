/** What the environment of a package is made of. */
export interface EnvironmentParts {
  /** `RUNTIME_ENVIRONMENT`. */
  readonly runtimeEnvironment: ReadonlyMap<string, string>;
  /** Entries of the package's search path, best first. */
  readonly runtimePath: readonly string[];
  /** `RUNTIME_ENVIRONMENT_PATHS`: values that are paths; win over the others. */
  readonly environmentPaths?: ReadonlyMap<string, string> | undefined;
  /** True when the caller's own environment has `SSL_CERT_FILE`, even an empty one: the package's is dropped. */
  readonly hasSslCertFile?: boolean | undefined;
}

/**
 * Environment for a command of a package. `PATH` is there only when the package has one.
 *
 * @returns Sorted by name.
 * @see spec/formats, 11.3
 */
export function mergeEnvironment(parts: EnvironmentParts): ReadonlyMap<string, string> {
  const merged = new Map(parts.runtimeEnvironment);
  merged.delete('PATH'); // written for tools of the 0.50s; RUNTIME_PATH replaced it
  if (parts.runtimePath.length > 0) merged.set('PATH', parts.runtimePath.join(':'));
  for (const [name, value] of parts.environmentPaths ?? []) merged.set(name, value);
  if (parts.hasSslCertFile === true) merged.delete('SSL_CERT_FILE');
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}
