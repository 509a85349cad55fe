/** Every file that describes a package, inside its prefix. @see spec/formats, 10.1 */
export const METAFILES = [
  'BINDS',
  'BINDS_OPTIONAL',
  'BIND_MAP',
  'BUILDTIME_ENVIRONMENT',
  'BUILDTIME_ENVIRONMENT_PATHS',
  'BUILDTIME_ENVIRONMENT_PROVENANCE',
  'BUILD_DEPS',
  'BUILD_TDEPS',
  'CFLAGS',
  'CPPFLAGS',
  'CXXFLAGS',
  'DEPS',
  'ENVIRONMENT',
  'ENVIRONMENT_SEP',
  'EXPORTS',
  'EXPOSES',
  'FILES',
  'IDENT',
  'INCLUDE_DIRS',
  'INSTALL_HOOK_STATUS',
  'INTERPRETERS',
  'LDFLAGS',
  'LD_RUN_PATH',
  'LIB_DIRS',
  'MANIFEST',
  'PACKAGE_TYPE',
  'PATH',
  'PKG_CONFIG_PATH',
  'RESOLVED_SERVICES',
  'RUNTIME_ENVIRONMENT',
  'RUNTIME_ENVIRONMENT_PATHS',
  'RUNTIME_ENVIRONMENT_PROVENANCE',
  'RUNTIME_PATH',
  'RUNTIME_SANDBOX',
  'SERVICES',
  'SHUTDOWN_SIGNAL',
  'SHUTDOWN_TIMEOUT',
  'SVC_GROUP',
  'SVC_USER',
  'TARGET',
  'TDEPS',
  'TYPE',
  'default.toml',
] as const;

/** Name of a metafile. */
export type Metafile = (typeof METAFILES)[number];

const KNOWN: ReadonlySet<string> = new Set(METAFILES);

/** True for one of {@link METAFILES}. */
export function isMetafile(name: string): name is Metafile {
  return KNOWN.has(name);
}
